/**
 * From source text to syntax tree. The only file that needs brighterscript, whose lexer and parser do the
 * work: the build bundles it with them, and programs that are compiled already run without it.
 */
import { Lexer } from "brighterscript/dist/lexer/Lexer";
import { Keywords } from "brighterscript/dist/lexer/TokenKind";
import { ParseMode, Parser } from "brighterscript/dist/parser/Parser";
import { FileConverter } from "./convert.js";
import type { DiagnosticName, Diagnostics } from "./diagnostics.js";
import { endInlineIfs } from "./inline-if.js";
import { tooMany } from "./limits.js";
import { preprocess } from "./preprocess.js";
import { screen } from "./screen.js";
import { type Remarks, tidy } from "./tidy.js";
import { checkComplexity, lineOf, type Token } from "./tokens.js";
import type { FunctionNode } from "./tree.js";

// Or the lexer finds `constructor` and `__proto__` among the keywords.
Object.setPrototypeOf(Keywords, null);

/** The longest file that a Roku compiles, in bytes; here in characters. */
const maxLength = 2 * 1024 * 1024;

/** The first system that takes an expression over several lines, after an operator. */
const minFirmwareVersion = "15.3.0";

/** The parser's diagnostics that Roku has a number of its own for; the others are syntax errors. */
const names: Readonly<Record<number, DiagnosticName>> = {
  1036: "limit",
  1037: "badType",
  1044: "badType",
  1049: "noEndWhile",
  1051: "unterminatedBlock",
  1058: "noEndIf",
  1059: "unterminatedBlock",
  1060: "noEndIf",
  1074: "limit",
  1083: "unterminatedString",
  1084: "unterminatedString",
};

/** Diagnostics that are none: a colon before `if` is harmless. */
const harmless = new Set([1054]);

/** A diagnostic of the lexer's or the parser's. */
interface Problem {
  readonly code: number;
  readonly message: string;
  readonly range: Token["range"];
}

export interface DefinedFunction {
  /** In lower case. */
  readonly name: string;
  readonly line: number;
}

export interface ParsedFile {
  /** Empty if there are errors. */
  readonly functions: readonly FunctionNode[];
  /** Its functions: also when there are errors, as far as they can be made out. */
  readonly defined: readonly DefinedFunction[];
}

/** Never throws. `constants` are those of the manifest's bs_const, their names in lower case. */
export function parse(
  source: string,
  constants: Readonly<Record<string, boolean>>,
  diagnostics: Diagnostics,
): ParsedFile {
  if (source.length > maxLength) {
    diagnostics.error(1, "file", "Files of more than 2 MB cannot be compiled");
    return { functions: [], defined: [] };
  }
  let unclosed: Remarks["unclosed"] = [];
  const { text, strays } = screen(source);
  const lexer = Lexer.scan(text);
  const { tokens: kept, compiled } = preprocess(lexer.tokens as readonly Token[], constants, diagnostics);
  for (const { line, character } of strays) {
    if (compiled(line)) diagnostics.error(line, "syntax", `Unexpected character ${character}`);
  }
  for (const problem of lexer.diagnostics) {
    if (compiled(problem.range.start.line + 1)) report(problem as Problem);
  }
  if (!checkComplexity(kept, diagnostics)) return { functions: [], defined: [] };

  const { tokens, ...remarks } = tidy(kept, diagnostics);
  unclosed = remarks.unclosed;
  const parser = new Parser();
  let overflowed = false;
  const logger = {
    info() {},
    // The parser tells only here of what it did not expect, such as an overflow of the stack, and would go on.
    error() {
      const last = parser.tokens.length - 1;
      if (!overflowed)
        diagnostics.error(
          lineOf(parser.tokens[Math.min(parser.current, last)] as Token),
          "limit",
          tooMany("blocks"),
        );
      parser.tokens.fill(parser.tokens[last]!);
      overflowed = true;
    },
  };
  try {
    parser.parse(endInlineIfs(tokens) as never, {
      mode: ParseMode.BrightScript,
      minFirmwareVersion,
      logger: logger as never,
    });
  } catch (thrown) {
    // When all is parsed, it links every node to its parent, which overflows the stack sooner than all else does, and
    // which we have no need of.
    if (!(thrown instanceof RangeError)) throw thrown;
  }
  if (!overflowed) withoutElses(parser.diagnostics as Problem[], tokens).forEach(report);
  const defined = parser.references.functionStatements.map(({ name }) => ({
    name: name.text.toLowerCase(),
    line: lineOf(name),
  }));
  if (diagnostics.list.length > 0) return { functions: [], defined };
  const functions = new FileConverter(diagnostics, remarks).file(parser.ast);
  return { functions: diagnostics.list.length > 0 ? [] : functions, defined };

  function report({ code, message, range }: Problem): void {
    if (harmless.has(code)) return;
    // The parser takes whatever is the last token for an `end` of the wrong kind.
    const name = code === 1042 && !/found 'end (sub|function)'/i.test(message) ? "endOfFile" : names[code];
    const line = range.start.line + 1;
    // What follows a bracket that is not closed is no problem of its own.
    if (unclosed.some(({ first, last }) => first <= line && line <= last)) return;
    if (name === "limit") diagnostics.error(line, name, tooMany(code === 1036 ? "parameters" : "arguments"));
    else
      diagnostics.error(
        line,
        name ?? "syntax",
        name === "endOfFile" ? "" : message.replace("token '\n'", "end of line"),
      );
  }
}

/**
 * The problems without those of an `else` after an `if` on one line: it may be of an `if` around that, and when it is of none, that
 * is a problem of its own.
 */
function withoutElses(problems: readonly Problem[], tokens: readonly Token[]): readonly Problem[] {
  if (problems.length === 0) return problems;
  const elses = new Set(tokens.filter(({ kind }) => kind === "Else").map(({ range }) => range));
  return problems.filter(({ code, range }) => code !== 1048 || !elses.has(range));
}
