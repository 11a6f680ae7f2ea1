/** What is done with a file's text before the lexer sees it. */
/** Strings and comments, which may hold anything; else the characters that mean nothing, or not everywhere. */
const passages = /"[^"\n]*"?|'[^\n]*|\brem\b[^\n]*|[^\w \t\n"'#$%&()*+,\-./:;<=>?@[\\\]^{}!]+|#+/giu;

export interface Stray {
  readonly line: number;
  readonly character: string;
}

/** The text without characters that mean nothing where they are, and those. Lines stay what they are. */
export function screen(source: string): { text: string; strays: Stray[] } {
  const strays: Stray[] = [];
  const whole = source
    .replace(/^\uFEFF/, "")
    .replace(/\r\n?/g, "\n")
    .replace(/[\v\f]/g, " ");
  let line = 1;
  let at = 0;
  const text = whole.replace(passages, (passage: string, offset: number) => {
    // The lexer would take a line end right after the opening quotation mark for part of the string.
    if (passage === '"') return '" ';
    if (/^["']|^rem\b/i.test(passage) || (passage === "#" && isMeaningful(whole, offset))) return passage;
    for (; at < offset; at++) if (whole[at] === "\n") line++;
    const code = passage.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0");
    strays.push({ line, character: `U+${code}` });
    return " ";
  });
  return { text, strays };
}

/** Whether a # begins a directive, or ends a number or a name. */
function isMeaningful(text: string, offset: number): boolean {
  let before = offset - 1;
  if (/[\w.]/.test(text[before] ?? "")) return true;
  while (text[before] === " " || text[before] === "\t") before--;
  return before < 0 || text[before] === "\n";
}
