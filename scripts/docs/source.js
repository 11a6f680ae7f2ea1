// What the sources say of themselves: classes, functions and interfaces with their public members and TSDoc comments. Read
// from what the compiler made of them, where every type is written out.

const { readdirSync, readFileSync } = require("node:fs");
const { join, relative } = require("node:path");
const ts = require("typescript");

function parse(path) {
  return ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
}

/** Every .ts file below a folder, in an order that does not depend on the machine. */
function filesBelow(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(".ts"))
    .sort()
    .map((name) => join(folder, name));
}

/** The text of a TSDoc comment, its tags as sentences; null when it is marked @internal, "" when there is none. */
function documentation(node) {
  const comment = ts.getJSDocCommentsAndTags(node).findLast(ts.isJSDoc);
  if (comment === undefined) return "";
  const sentences = [plain(comment.comment)];
  for (const tag of comment.tags ?? []) {
    const name = tag.tagName.text;
    const text = plain(tag.comment).replace(/^- /, "");
    if (name === "internal") return null;
    if (name === "returns") sentences.push(`Returns ${text}`);
    else if (name === "throws") sentences.push(`Throws ${text}`);
    else if (name === "param") sentences.push(`\`${tag.name.getText()}\`: ${text}`);
    else throw new Error(`${node.getSourceFile().fileName}: what to do with @${name}?`);
  }
  return sentences
    .filter((sentence) => sentence !== "")
    .map((sentence) => (/[.!?:)]$/.test(sentence) ? sentence : `${sentence}.`))
    .join(" ");
}

function plain(comment) {
  const text = typeof comment === "string" ? comment : (comment ?? []).map(linkOrText).join("");
  return text.replace(/\s+/g, " ").trim();
}

function linkOrText(part) {
  return part.kind === ts.SyntaxKind.JSDocText ? part.text : `${part.name.getText()}()`;
}

/** A declaration without modifiers and semicolon. */
function signature(node) {
  const text = node.getText().replace(/;$/, "").replace(/\s+/g, " ");
  return text
    .replace(/^(?:(?:export|declare|function|static|abstract|override) )+/, "")
    .replace(/^get (.*)\(\)/, "readonly $1");
}

function describe(node) {
  const isStatic = node.modifiers?.some((one) => one.kind === ts.SyntaxKind.StaticKeyword) ?? false;
  return { name: node.name.getText(), isStatic, signature: signature(node), text: documentation(node) };
}

function isPublic(member) {
  const hidden = [ts.SyntaxKind.PrivateKeyword, ts.SyntaxKind.ProtectedKeyword];
  if (member.name === undefined || ts.isPrivateIdentifier(member.name)) return false;
  if (member.modifiers?.some((one) => hidden.includes(one.kind))) return false;
  return documentation(member) !== null;
}

/**
 * { classes, functions, interfaces }, each a Map by name (a function is an array, its overloads), of the sources in `folder` as
 * compiled to `compiled`; those for which `isPart` is false are left out.
 */
function readSources(folder, compiled, isPart) {
  const found = { classes: new Map(), functions: new Map(), interfaces: new Map() };
  for (const name of filesBelow(folder).map((source) => relative(folder, source))) {
    if (!isPart(name)) continue;
    const path = join(compiled, name).replace(/\.ts$/, ".d.ts");
    for (const node of parse(path).statements) {
      if (ts.isFunctionDeclaration(node) && node.name) {
        const overloads = found.functions.get(node.name.text) ?? [];
        found.functions.set(node.name.text, [...overloads, describe(node)]);
      } else if (ts.isClassDeclaration(node)) {
        found.classes.set(node.name.text, {
          text: documentation(node),
          base: node.heritageClauses?.[0]?.types[0]?.expression.getText(),
          members: node.members.filter(isPublic).map(describe),
        });
      } else if (ts.isInterfaceDeclaration(node)) {
        found.interfaces.set(node.name.text, {
          text: documentation(node),
          members: node.members.filter(isPublic).map(describe),
        });
      }
    }
  }
  return found;
}

module.exports = { documentation, filesBelow, parse, readSources };
