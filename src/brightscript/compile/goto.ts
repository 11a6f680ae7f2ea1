/**
 * Functions with labels. JavaScript has no goto: the function's body becomes a loop over a switch, with a
 * case for each place that can be jumped to. Statements with a label within them have to be taken apart so
 * that the label stands directly in the switch; all others stay as they are.
 */

import { identifier } from "../syntax/names.js";
import {
  blocks,
  everyStatement,
  type For,
  type ForEach,
  type If,
  type Statement,
  type Try,
  type While,
} from "../syntax/tree.js";
import { mark } from "./emit.js";
import { atom } from "./operators.js";
import { type Loop, Statements } from "./statements.js";

export const hasLabels = (statements: readonly Statement[]): boolean =>
  [...everyStatement(statements)].some(({ kind }) => kind === "label");

export class GotoStatements extends Statements {
  readonly #labels = new Map<string, number>();
  #places = 0;

  /** The whole body of the function. `end` returns from it. */
  body(statements: readonly Statement[], end: string): string {
    const place = this.scope.temporary("$at");
    return `${place} = 0; $go: for (;;) switch (${place}) { case 0: ${this.block(statements)} ${end} }`;
  }

  #newPlace(): number {
    return ++this.#places;
  }

  #labelPlace(label: string): number {
    const place = this.#labels.get(label) ?? this.#newPlace();
    this.#labels.set(label, place);
    return place;
  }

  #jump(place: number): string {
    return `{ $at = ${place}; continue $go; }`;
  }

  #jumpUnless(condition: string, place: number): string {
    return `if (!(${condition})) ${this.#jump(place)} `;
  }

  protected override text(statement: Statement): string {
    if (statement.kind === "goto") return this.#jump(this.#labelPlace(statement.label));
    if (statement.kind === "label") return `case ${this.#labelPlace(statement.label)}: `;
    if (!blocks(statement).some(hasLabels)) return super.text(statement);
    switch (statement.kind) {
      case "if":
        return this.#if(statement);
      case "while":
        return this.#while(statement);
      case "for":
        return this.#for(statement);
      case "forEach":
        return this.#forEach(statement);
      default:
        return this.#try(statement as Try);
    }
  }

  #if({ branches, otherwise }: If): string {
    const end = this.#newPlace();
    const texts = branches.map(({ condition, body, line }) => {
      const next = this.#newPlace();
      this.expressions.line = line;
      const test = this.#jumpUnless(this.expressions.condition(condition), next);
      return `${mark(line)}${test}${this.block(body)} ${this.#jump(end)} case ${next}: `;
    });
    return `${texts.join("")}${this.block(otherwise)} case ${end}: `;
  }

  #while({ condition, body }: While): string {
    const top = this.#newPlace();
    const end = this.#newPlace();
    const test = this.#jumpUnless(this.expressions.condition(condition), end);
    return `case ${top}: ${test}${this.#turns("while", body, top, end)} ${this.#jump(top)} case ${end}: `;
  }

  #for(statement: For): string {
    const { begin, done, next } = this.counting(statement.name, this.bounds(statement));
    const top = this.#newPlace();
    const again = this.#newPlace();
    const end = this.#newPlace();
    return (
      `${begin}; case ${top}: if (${done}) ${this.#jump(end)} ` +
      `${this.#turns("for", statement.body, again, end)} ` +
      `case ${again}: ${next}; ${this.#jump(top)} case ${end}: `
    );
  }

  #forEach(statement: ForEach): string {
    const { name, body } = statement;
    const items = this.scope.temporary(`$i${this.scope.nextLoop()}`);
    const top = this.#newPlace();
    const end = this.#newPlace();
    return (
      `${items} = ${this.items(statement)}; ` +
      `case ${top}: if (!${items}.$$more()) ${this.#jump(end)} ` +
      `${identifier(name)} = ${items}.$$take(); ${this.#turns("for", body, top, end)} ${this.#jump(top)} case ${end}: `
    );
  }

  #turns(kind: Loop["kind"], body: readonly Statement[], next: number, end: number): string {
    return this.within(body, { kind, leave: (way) => this.#jump(way === "exit" ? end : next) });
  }

  /** Labels are within the handler: there can be none within the tried statements. */
  #try({ body, name, handler }: Try): string {
    const start = this.#newPlace();
    const end = this.#newPlace();
    return (
      `try { ${this.block(body)} } catch ($x) { ${this.store(name, atom("$.caught($x)"))} ${this.#jump(start)} } ` +
      `${this.#jump(end)} case ${start}: ${this.block(handler)} case ${end}: `
    );
  }
}
