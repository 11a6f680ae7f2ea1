/** As much of tap's Test as the tests use. Prints TAP version 14. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isWanted, matches, same, strictSame } from "./compare.js";

export type Body = (t: Subtest) => unknown;

export interface Options {
  skip?: boolean | string;
  timeout?: number;
}

type Details = string | Record<string, unknown> | undefined;

/** Files by name, folders as the same again. */
export interface Fixture {
  [name: string]: string | Uint8Array | Fixture;
}

/** What all subtests of a file share. */
export interface Surroundings {
  write(text: string): void;
  /** By how much this machine is slower than a desk's, so that limits are longer. */
  readonly patience: number;
  /** Why a test cannot work here; undefined when it can. */
  limit(title: string): string | undefined;
}

/** How long a subtest may take, in milliseconds. */
const usual = 30_000;

const named = (details: Details, otherwise: string): string =>
  typeof details === "string" ? details : otherwise;

/** For what JSON has no form for. */
function shown(_key: string, value: unknown): unknown {
  if (typeof value === "bigint" || typeof value === "function") return String(value);
  return value instanceof RegExp || value instanceof Error ? String(value) : value;
}

/** On one line, and without the sign that begins a directive. */
const title = (name: string): string => name.replace(/[#\r\n]/g, " ");

export class Subtest {
  readonly context: Record<string, unknown> = {};
  /** tap runs that many buffered subtests at a time; here they run one after the other. */
  jobs = 1;
  #count = 0;
  #failed = 0;
  #last: Promise<unknown> = Promise.resolve();
  #timeout = usual;
  readonly #teardowns: (() => unknown)[] = [];

  constructor(
    readonly name: string,
    private readonly depth: number,
    private readonly around: Surroundings,
  ) {}

  get failed(): boolean {
    return this.#failed > 0;
  }

  #write(text: string): void {
    this.around.write(`${text.replace(/^(?=.)/gm, "    ".repeat(this.depth))}\n`);
  }

  #result(ok: boolean, name: string, more: Record<string, unknown> = {}): boolean {
    this.#count++;
    if (!ok) this.#failed++;
    this.#write(`${ok ? "ok" : "not ok"} ${this.#count} - ${title(name)}`);
    if (!ok) {
      const at = new Error().stack?.split("\n").find((line) => /\.test\.js/.test(line));
      this.#write(`  ---\n  ${JSON.stringify({ at: at?.trim(), ...more }, shown)}\n  ...`);
    }
    return ok;
  }

  // ---- Assertions ----

  pass(details?: Details): boolean {
    return this.#result(true, named(details, "pass"));
  }
  fail(details?: Details, more: Record<string, unknown> = {}): boolean {
    return this.#result(false, named(details, "fail"), more);
  }
  ok(value: unknown, details?: Details): boolean {
    return this.#result(!!value, named(details, "expect truthy value"), { value });
  }
  notOk(value: unknown, details?: Details): boolean {
    return this.#result(!value, named(details, "expect falsey value"), { value });
  }
  equal(found: unknown, wanted: unknown, details?: Details): boolean {
    return this.#result(Object.is(found, wanted), named(details, "should be equal"), { found, wanted });
  }
  not(found: unknown, wanted: unknown, details?: Details): boolean {
    return this.#result(!Object.is(found, wanted), named(details, "should not be equal"), { found });
  }
  same(found: unknown, wanted: unknown, details?: Details): boolean {
    return this.#result(same(found, wanted), named(details, "should be equivalent"), { found, wanted });
  }
  strictSame(found: unknown, wanted: unknown, details?: Details): boolean {
    const ok = strictSame(found, wanted);
    return this.#result(ok, named(details, "should be equivalent strictly"), { found, wanted });
  }
  match(found: unknown, pattern: unknown, details?: Details): boolean {
    return this.#result(matches(found, pattern), named(details, "should match pattern"), { found, pattern });
  }
  notMatch(found: unknown, pattern: unknown, details?: Details): boolean {
    return this.#result(!matches(found, pattern), named(details, "should not match"), { found, pattern });
  }
  throws(work: () => unknown, wanted?: unknown, details?: Details): boolean {
    try {
      work();
    } catch (error) {
      return this.#thrown(error, wanted, details);
    }
    return this.#result(false, named(details, "expected to throw"));
  }
  async rejects(
    work: Promise<unknown> | (() => Promise<unknown>),
    wanted?: unknown,
    details?: Details,
  ): Promise<boolean> {
    try {
      await (typeof work === "function" ? work() : work);
    } catch (error) {
      return this.#thrown(error, wanted, details);
    }
    return this.#result(false, named(details, "expected to reject"));
  }
  #thrown(error: unknown, wanted: unknown, details: Details): boolean {
    const name = named(details ?? (wanted as Details), "expected to fail");
    return this.#result(isWanted(error, wanted), name, { error: `${error}` });
  }

  // ---- Structure ----

  comment(text: string): void {
    this.#write(`# ${text}`);
  }
  setTimeout(milliseconds: number): void {
    this.#timeout = milliseconds;
  }
  teardown(work: () => unknown): void {
    this.#teardowns.unshift(work);
  }
  before(work: () => unknown): void {
    this.#last = this.#last.then(work);
  }
  testdir(fixture: Fixture = {}): string {
    const folder = mkdtempSync(join(tmpdir(), "rosock-test-"));
    this.teardown(() => rmSync(folder, { recursive: true, force: true }));
    lay(folder, fixture);
    return folder;
  }

  /** A subtest; they run one after the other. */
  test(name: string, options: Options | Body, body?: Body): Promise<unknown> {
    const given = typeof options === "function" ? {} : options;
    const work = typeof options === "function" ? options : body;
    this.#last = this.#last.then(() => this.#subtest(name, given, work));
    return this.#last;
  }

  async #subtest(name: string, { skip, timeout }: Options, body: Body | undefined): Promise<void> {
    const limit = this.around.limit(name);
    if (skip || limit !== undefined || body === undefined) {
      const why = limit ?? (typeof skip === "string" ? skip : "");
      this.#write(`ok ${++this.#count} - ${title(name)} # SKIP ${title(why)}`.trimEnd());
      return;
    }
    this.#write(`# Subtest: ${title(name)}`);
    const child = new Subtest(name, this.depth + 1, this.around);
    await child.run(body, timeout ?? this.#timeout);
    this.#result(!child.failed, name);
  }

  /** Runs a body and what it began, then its teardowns, each within the limit in milliseconds. */
  async run(body: Body, limit: number): Promise<void> {
    await this.#within(limit, () => this.#whole(body));
    for (const work of this.#teardowns) await this.#within(limit, work);
    this.#write(`1..${this.#count}`);
  }

  async #within(limit: number, work: () => unknown): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((_, reject) => {
      const expire = () => reject(new Error(`not done after ${limit * this.around.patience} ms`));
      timer = setTimeout(expire, limit * this.around.patience);
    });
    try {
      await Promise.race([(async () => work())(), late]);
    } catch (error) {
      const { message, stack } = error instanceof Error ? error : new Error(`${error}`);
      this.#result(false, message, { stack });
    }
    clearTimeout(timer);
  }

  async #whole(body: Body): Promise<void> {
    await body(this);
    for (let last: unknown; last !== this.#last; ) {
      last = this.#last;
      await last;
    }
  }
}

function lay(folder: string, fixture: Fixture): void {
  for (const [name, content] of Object.entries(fixture)) {
    const path = join(folder, name);
    if (typeof content === "string" || content instanceof Uint8Array) writeFileSync(path, content);
    else {
      mkdirSync(path);
      lay(path, content);
    }
  }
}
