/** How marks flow through a program, for marks.ts: from where values come about, through places that keep them, to type(). */
import type { Expression, ForEach, Update } from "../syntax/tree.js";

/** The marks that type() makes use of: "was in a collection", for type(x), and "was computed", for type(x, 3). */
export const stored = 1;
export const computed = 2;

/** A place of the program that marks its value. */
export type Site = Expression | ForEach | Update;

/** A variable, or what a function returns. */
export class Place {
  readonly sources = new Set<Place>();
  readonly targets = new Set<Place>();
  readonly sites: (readonly [site: Site, mark: number])[] = [];
  /** The marks that a type() may see of its value. */
  observed = 0;
  /** Whether its value may have one of these. */
  marked = false;

  /** `isResult`: of a call whose function is not known, which returns marked values whether or not the caller wants them. */
  constructor(readonly isResult = false) {}

  comesFrom(source: Place): void {
    this.sources.add(source);
    source.targets.add(this);
  }
}

/** Functions that are called by a member's name, or without one: all that may be meant. */
export class Callee {
  readonly result = new Place(true);
  readonly #parameters: Place[] = [];

  parameter(i: number): Place {
    this.#parameters[i] ??= new Place();
    return this.#parameters[i];
  }

  get parameters(): readonly (Place | undefined)[] {
    return this.#parameters;
  }
}

/** Finds which places may have marks that a type() may see, and gives the sites where these come about. */
export function spread(places: readonly Place[]): Set<Site> {
  backwards(places.filter(({ observed }) => observed !== 0));
  const sites = new Set<Site>();
  const marked = places.filter((place) => {
    const used = place.sites.filter(([, mark]) => (mark & place.observed) !== 0);
    for (const [site] of used) sites.add(site);
    return used.length > 0;
  });
  forwards(marked);
  return sites;
}

function backwards(pending: Place[]): void {
  for (let place = pending.pop(); place !== undefined; place = pending.pop()) {
    for (const source of place.sources) {
      const before = source.observed;
      source.observed |= place.observed;
      if (source.observed !== before) pending.push(source);
    }
  }
}

function forwards(pending: Place[]): void {
  for (let place = pending.pop(); place !== undefined; place = pending.pop()) {
    if (place.marked) continue;
    place.marked = true;
    for (const target of place.targets) if (target.observed !== 0 || target.isResult) pending.push(target);
  }
}
