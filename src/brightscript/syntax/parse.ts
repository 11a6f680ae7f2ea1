/** From source text to syntax tree. */
import type { Diagnostics } from "./diagnostics.js";
import { scan } from "./lexer.js";
import { unquoted } from "./literal.js";
import { isName } from "./names.js";
import { preprocess } from "./preprocess.js";
import { LimitFault } from "./reader.js";
import { StatementReader } from "./statements.js";
import { type Place, tokenName } from "./token.js";
import type { FunctionNode } from "./tree.js";

/** The longest file that a Roku compiles, in bytes; here in characters. */
const maxLength = 2 * 1024 * 1024;

export interface DefinedFunction extends Place {
  /** In lower case. */
  readonly name: string;
}

export interface ParsedFile {
  /** Empty if there are errors. */
  readonly functions: readonly FunctionNode[];
  /** Its functions: also when there are errors, as far as they can be made out. */
  readonly defined: readonly DefinedFunction[];
}

/**
 * Parses a file. Never throws, and takes time in proportion to its length.
 *
 * @param constants - those of the manifest's bs_const, their names in lower case
 */
export function parse(
  source: string,
  constants: Readonly<Record<string, boolean>>,
  diagnostics: Diagnostics,
): ParsedFile {
  if (source.length > maxLength) {
    diagnostics.error({ line: 1, column: 1 }, "file", "Files of more than 2 MB cannot be compiled");
    return { functions: [], defined: [] };
  }
  const reader = new FileReader(preprocess(scan(source), constants, diagnostics), diagnostics);
  try {
    reader.file();
  } catch (fault) {
    if (!(fault instanceof LimitFault)) throw fault;
    reader.report(fault);
  }
  return { functions: diagnostics.hasErrors ? [] : reader.functions, defined: reader.defined };
}

class FileReader extends StatementReader {
  readonly functions: FunctionNode[] = [];
  readonly defined: DefinedFunction[] = [];

  file(): void {
    while (this.token.kind !== "end") {
      if (this.token.kind === "newline" || this.is(":")) this.advance();
      else
        this.recovering(
          () => this.#declaration(),
          () => this.#skipToDeclaration(),
        );
    }
  }

  #declaration(): void {
    const { token, following } = this;
    if ((this.is("function") || this.is("sub")) && following.kind === "word") {
      const name = following.key;
      if (!isName(name)) throw this.fault(`'${following.text}' cannot be the name of a function`);
      this.defined.push({ name, line: following.line, column: following.column });
      this.functions.push(this.function(name));
      if (!this.isLineEnd && !this.is(":")) throw this.fault();
    } else if (this.is("library") && following.kind === "string") {
      this.advance();
      const path = unquoted(this.advance());
      // The functions of bslCore are always there; other libraries are not.
      if (!/^v30\/bslcore\.brs$/i.test(path)) this.error(token, "file", `There is no library "${path}"`);
      if (!this.isLineEnd && !this.is(":")) throw this.fault();
    } else throw this.fault(`Unexpected ${tokenName(token)}: statement outside of a function`);
  }

  #skipToDeclaration(): void {
    while (this.token.kind !== "end" && !this.isHardEnd()) this.advance();
  }
}
