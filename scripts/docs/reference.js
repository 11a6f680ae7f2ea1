// docs/reference.md: the table of interfaces, with the words and the TypeScript types of the sources.

const { join } = require("node:path");
const { wrap } = require("./markdown.js");
const { readSources } = require("./source.js");

const kinds = {
  roStreamSocket: "TCP over IPv4: listens, connects, accepts, sends and receives a stream of bytes.",
  roDataGramSocket: "UDP over IPv4: sends and receives datagrams, also to and from multicast groups.",
  roMessagePort: "A queue of events, and what a program waits on.",
  roSocketEvent: "What a port delivers: something is there at a socket. It is made by ports only.",
};

const introduction = `# Reference

Generated from the table of interfaces and the comments in \`src/\`: \`npm run docs\`. How things behave together is in
[behaviour.md](behaviour.md); names such as S20 are rows of the [contract](contract.md).

Signatures are BrightScript's, as on Roku's pages, and so are the names of interfaces (except ifSocketEvent, which is
ours for roSocketEvent's one method). In TypeScript:

- Components are classes, made by \`new RoStreamSocket()\` or \`createObject("roStreamSocket")\`; methods are spelled as
  here.
- Integer is a \`number\`, whole and of 32 bits; Boolean a \`boolean\`; String a \`string\`; Void \`void\`; invalid \`null\`.
  Where it says Object or Dynamic, or arguments may be left out, the TypeScript signature is given as well.
- A wrong number of arguments is a TypeError with the code ERR_MISSING_ARGS, a wrong type one with
  ERR_INVALID_ARG_TYPE. Nothing else throws, unless it says so: failures are return values, and \`status()\` tells why.`;

function makeReference(root) {
  const { components, interfaces, parseMethod } = require(join(root, "dist/components/interfaces.js"));
  const sources = readSources(join(root, "src"), join(root, "dist"), isPublic);
  const gaps = [];
  const fromPages = new Set();

  const className = (component) => component[0].toUpperCase() + component.slice(1);
  const lineage = (name) => {
    const found = sources.classes.get(name);
    return found === undefined ? [] : [...found.members, ...lineage(found.base)];
  };
  const ownersOf = (name) =>
    Object.keys(components).filter((component) => components[component].includes(name));

  function componentSection(component) {
    const text = kinds[component] ?? sources.classes.get(className(component)).text;
    const links = components[component].map((name) => `[${name}](#${name.toLowerCase()})`).join(", ");
    return [`### ${component}`, wrap(text), wrap(`Interfaces: ${links}.`)];
  }

  function interfaceSection(name) {
    const owners = ownersOf(name);
    const members = lineage(className(owners[0]));
    const groups = [];
    for (const line of interfaces[name]) {
      const method = parseMethod(line);
      const member = members.find((one) => one.name === method.name);
      fromPages.add(method.name);
      const last = groups.at(-1);
      if (member.text === "" && last && arePair(last.methods[0].name, method.name)) {
        last.methods.push(method);
        last.members.push(member);
        continue;
      }
      if (member.text === "") gaps.push(`${name}.${method.name} has no TSDoc comment in src/components`);
      groups.push({ methods: [method], members: [member] });
    }
    return [`### ${name}`, `Of ${owners.join(" and ")}.`, ...groups.flatMap(entry)];
  }

  const blocks = [
    introduction,
    "## Functions",
    ...functionEntries(),
    "## Components",
    ...Object.keys(components).flatMap(componentSection),
  ];
  blocks.push("## Interfaces", ...Object.keys(interfaces).flatMap(interfaceSection));
  blocks.push("## Beyond Roku's pages", ...beyond());
  const { text, definitions } = linkRows(blocks.join("\n\n"));
  return { text: `${text}\n\n${definitions}\n`, gaps };

  /** The public members that are in no interface. */
  function beyond() {
    const sections = [
      ["Sockets", extras("RoStreamSocket")],
      ["SocketError", sources.interfaces.get("SocketError").members],
      ["RoMessagePort", extras("RoMessagePort")],
      ["RoByteArray", extras("RoByteArray")],
    ];
    return sections.flatMap(([title, members]) => {
      for (const member of members) {
        if (member.text === "") gaps.push(`${title}: ${member.name} has no TSDoc comment`);
      }
      return [`### ${title}`, ...notes(title), ...members.flatMap((member) => extraEntry(title, member))];
    });
  }

  function functionEntries() {
    return ["createObject", "wait"].flatMap((name) => {
      const overloads = sources.functions.get(name);
      const heading = overloads.map((one) => `\`${one.signature}\``).join(", ");
      return [wrap(heading, "- ", "  "), wrap(overloads[0].text, "  ")];
    });
  }

  function extras(name) {
    return lineage(name).filter((one) => !fromPages.has(one.name) && one.name !== "[inspect.custom]");
  }

  function notes(title) {
    const text = sources.interfaces.get(title)?.text;
    return text ? [wrap(text)] : [];
  }
}

/** What TypeScript programs import. */
const isPublic = (path) => !/^(brightscript|cli)\//.test(path);

/** Methods that a comment on the first of them covers. */
function arePair(first, second) {
  return first.replace(/^(get|join)/, "") === second.replace(/^(set|drop)/, "") && first !== second;
}

function entry({ methods, members }) {
  const heading = methods.map((method) => `\`${method.signature}\``).join(", ");
  const blocks = [wrap(heading, "- ", "  ")];
  const { text } = members[0];
  if (text) blocks.push(wrap(withoutInterface(text), "  "));
  const types = members.filter((_, index) => /Object|Dynamic|\[/.test(methods[index].signature));
  if (types.length > 0) {
    blocks.push(wrap(`TypeScript: ${types.map((one) => `\`${one.signature}\``).join(", ")}`, "  "));
  }
  return blocks;
}

/** What interface a method belongs to is said by the section it stands in. */
function withoutInterface(text) {
  return text.replace(/ \(if\w+\)/g, "").replace(/\(if\w+; (\w)/g, (_, first) => `(${first.toUpperCase()}`);
}

const uses = {
  "[Symbol.asyncIterator]": "`for await (const message of port)`",
  "[Symbol.dispose]": "`using`",
  "[Symbol.iterator]": "`for (const byte of array)`",
};

function extraEntry(title, member) {
  const use = uses[member.name];
  const heading = `\`${member.isStatic ? `${title}.` : ""}${member.signature}\``;
  const blocks = [wrap(use ? `${use}, by ${heading}` : heading, "- ", "  ")];
  return member.text ? [...blocks, wrap(member.text, "  ")] : blocks;
}

/** Turns the names of rows into links, whose targets stand at the end, out of the way. */
function linkRows(text) {
  const rows = new Set();
  const linked = text.replace(/\bS(\d+)\b/g, (name) => {
    rows.add(name);
    return `[${name}]`;
  });
  const sorted = [...rows].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
  const definitions = sorted.map((row) => `[${row}]: contract.md#${row.toLowerCase()}`).join("\n");
  return { text: linked, definitions };
}

module.exports = { makeReference };
