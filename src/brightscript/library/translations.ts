/** Tr(): texts in the language of the environment, from pkg:/locale/<locale>/translations.xml, which is in XLIFF. */
import { type Program, program } from "../app/program.js";
import { readText } from "./file-operations.js";
import { locale } from "./locale.js";
import type { RoXMLElement } from "./xml.js";
import { parseXml } from "./xml-parser.js";

type Texts = ReadonlyMap<string, string>;

const loaded = new WeakMap<Program, Texts>();

/** The text's translation, or the text itself where there is none. */
export function translate(text: string): string {
  const running = program();
  let texts = loaded.get(running);
  if (texts === undefined) {
    texts = read(`pkg:/locale/${locale()}/translations.xml`);
    loaded.set(running, texts);
  }
  return texts.get(text) ?? text;
}

function read(path: string): Texts {
  const texts = new Map<string, string>();
  const root = parseXml(readText(path));
  if (root !== undefined) collect(root, texts);
  return texts;
}

/** Wherever a <source> and a <target> stand side by side, as in <trans-unit>. */
function collect(element: RoXMLElement, texts: Map<string, string>): void {
  const children = element.nodes.filter((node) => typeof node === "object");
  const textOf = (name: string): string | undefined =>
    children.find((child) => child.name === name)?.getText();
  const source = textOf("source");
  const target = textOf("target");
  if (source !== undefined && target) texts.set(source, target);
  for (const child of children) collect(child, texts);
}
