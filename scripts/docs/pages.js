// Roku's reference pages (roku-pages.json: names and signatures, nothing else) against the tables that the library is made from.
// Everything on a page is either in the tables or in not-here.json, with the reason.

/** Numbers, each of which holds all values of those before it. */
const numbers = ["Integer", "LongInteger", "Float", "Double"];

/** What a page says of a method: its signature, without the release that it came with. */
const signatureOf = (line) => line.replace(/, since [\d.]+$/, "");

/** What pages say loosely: any component or value may be meant. */
const isVague = (type) => type === "Object" || type === "Dynamic";

/** Whether a parameter takes what the page's does. */
function takes(ours, page) {
  if (ours === page || ours === "Dynamic" || isVague(page)) return true;
  return numbers.includes(page) && numbers.indexOf(ours) > numbers.indexOf(page);
}

const returns = (ours, page) => ours === page || ours === "Dynamic" || isVague(page);

const most = ({ arguments: all, rest }) => (rest ? Number.POSITIVE_INFINITY : all.length);

/** How a method of ours differs from the page's; null when it does not. */
function difference(ours, page) {
  if (ours.required !== page.required || most(ours) !== most(page)) {
    return `takes other numbers of arguments: ${ours.signature}, on the page ${page.signature}`;
  }
  const wrong = page.arguments.findIndex(({ type }, i) => !takes(ours.arguments[i].type, type));
  if (wrong >= 0)
    return `argument ${wrong + 1} is of another type: ${ours.signature}, on the page ${page.signature}`;
  if (returns(ours.returns, page.returns)) return null;
  return `returns another type: ${ours.signature}, on the page ${page.signature}`;
}

/** Methods by their names in lower case. */
const byName = (signatures, parseMethod) =>
  new Map(
    signatures
      .map((line) => parseMethod(signatureOf(line)))
      .map((method) => [method.name.toLowerCase(), method]),
  );

/** An object's values by its keys in lower case. */
const lower = (table) => new Map(Object.entries(table).map(([key, value]) => [key.toLowerCase(), value]));

/**
 * What is missing or differs, by the name that not-here.json has it by ("roX", "roX.ifY", "ifY.method", "roEvent.method",
 * "function()"), and all names that the pages have.
 *
 * @param pages - roku-pages.json
 * @param tables - { components: from a name to its interfaces' signatures, functions: signatures }
 */
function compare(pages, tables, parseMethod) {
  const found = new Map();
  const known = new Set();
  const here = lower(tables.components);

  const compareMethods = (owner, ours, theirs) => {
    const methods = byName(ours, parseMethod);
    for (const [key, page] of byName(theirs, parseMethod)) {
      const name = owner === "" ? `${page.name}()` : `${owner}.${page.name}`;
      known.add(name);
      const method = methods.get(key);
      const problem = method === undefined ? "is missing" : difference(method, page);
      if (problem !== null) found.set(name, problem);
    }
  };

  const interfacesOfPages = lower(pages.interfaces);
  for (const [component, interfaces] of Object.entries(pages.components)) {
    known.add(component);
    const ours = here.get(component.toLowerCase());
    if (ours === undefined) found.set(component, "is missing");
    for (const name of interfaces) {
      known.add(`${component}.${name}`);
      const theirs = interfacesOfPages.get(name.toLowerCase()) ?? [];
      for (const { name: method } of byName(theirs, parseMethod).values()) known.add(`${name}.${method}`);
      if (ours === undefined) continue;
      const table = lower(ours).get(name.toLowerCase());
      if (table === undefined) found.set(`${component}.${name}`, "is missing");
      else compareMethods(name, table, theirs);
    }
  }
  for (const [event, theirs] of Object.entries(pages.events)) {
    known.add(event);
    const ours = here.get(event.toLowerCase());
    if (ours === undefined) found.set(event, "is missing");
    else compareMethods(event, Object.values(ours).flat(), theirs);
  }
  compareMethods("", tables.functions, Object.values(pages.functions).flat());
  return { found, known };
}

/** What docs --check reports: what is missing and not excused, and excuses for what is there or is on no page. */
function pageGaps(pages, notHere, tables, parseMethod) {
  const { found, known } = compare(pages, tables, parseMethod);
  const excused = Object.values(notHere).flat();
  const twice = excused.filter((name, i) => excused.indexOf(name) !== i);
  return [
    ...[...found]
      .filter(([name]) => !excused.includes(name))
      .map(([name, problem]) => `${name} ${problem}: see scripts/docs/not-here.json`),
    ...excused
      .filter((name) => !found.has(name))
      .map(
        (name) =>
          `scripts/docs/not-here.json has ${name}, which is ${known.has(name) ? "here" : "on no page"}`,
      ),
    ...twice.map((name) => `scripts/docs/not-here.json has ${name} twice`),
  ];
}

module.exports = { pageGaps };
