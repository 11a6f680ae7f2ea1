import fc from "fast-check";
import t from "tap";
import { RoAssociativeArray } from "#src/brightscript/library/associative-array.js";
import { RoList } from "#src/brightscript/library/list.js";
import { RoXMLElement, RoXMLList } from "#src/brightscript/library/xml.js";
import { unboxed, type Value } from "#src/brightscript/runtime/values.js";
import { turns } from "./call.js";

function parsed(xml: string): RoXMLElement {
  const element = new RoXMLElement();
  if (!element.parse(xml)) throw new Error(`not well-formed: ${xml}`);
  return element;
}

const names = (list: RoList | null): string[] | undefined =>
  list?.items.map((item) => (item instanceof RoXMLElement ? item.name : `"${unboxed(item)}"`));

const photos = `<?xml version="1.0" encoding="utf-8" ?>
<rsp stat="ok">
  <photos page="1" pages="5">
    <photo id="3131875696" title="VNY 16R" />
    <photo id="3131137552" title="hoot" />
    <Photo id="3131040520" title="172 &#8226; 365">text</Photo>
  </photos>
</rsp>`;

t.test("the parts of an element", async (t) => {
  const rsp = parsed(photos);
  t.equal(rsp.getName(), "rsp");
  t.equal(rsp.isName("rsp"), true);
  t.equal(rsp.isName("RSP"), false);
  t.equal(rsp.getText(), "");
  t.equal(rsp.getAttributes().lookup("stat"), "ok");
  t.equal(rsp.hasAttribute("stat"), true);
  t.equal(rsp.hasAttribute("page"), false);
  const [page] = rsp.getChildElements()!.items as RoXMLElement[];
  t.strictSame(names(page!.getChildElements()), ["photo", "photo", "Photo"]);
  t.strictSame(names(page!.getNamedElements("photo")), ["photo", "photo"]);
  t.strictSame(names(page!.getNamedElementsCi("PHOTO")), ["photo", "photo", "Photo"]);
  t.strictSame(names(page!.getNamedElements("other")), []);
  t.equal(
    (page!.getNamedElements("Photo").getHead() as RoXMLElement).getAttributes().lookup("title"),
    "172 • 365",
  );
});

t.test("the language: dot, @ and for each", async (t) => {
  const rsp = parsed(photos);
  t.strictSame(names(rsp.$$field("PHOTOS")), ["photos"]);
  t.strictSame(names(rsp.$$field("photos").$$field("photo")), ["photo", "photo", "Photo"]);
  t.equal(rsp.$$attribute("STAT"), "ok");
  t.equal(rsp.$$attribute("other"), null);
  t.equal(rsp.$$field("photos").$$attribute("page"), "1");
  t.equal(rsp.$$field("photos").$$field("photo").$$attribute("id"), null, "of several");
  t.equal(rsp.$$field("none").$$attribute("id"), null, "of none");
  const [first] = turns(rsp.$$field("photos"));
  t.equal((first as RoXMLElement).name, "photos");
  t.strictSame(names(new RoList([...turns(parsed("<a>1<b/>2<c/></a>"))])), ["b", "c"]);
});

t.test("the body", async (t) => {
  const body = (xml: string): Value => unboxed(parsed(xml).getBody());
  t.equal(body("<a/>"), null);
  t.equal(body("<a></a>"), null);
  t.equal(body("<a>text</a>"), "text");
  t.equal(body("<a> </a>"), " ", "white space alone is text");
  t.ok(body("<a>text<b/></a>") instanceof RoXMLList);
  t.equal(parsed("<a>text</a>").getChildElements(), null);
  t.equal(parsed("<a>text</a>").getChildNodes(), null);
});

t.test("mixed content", async (t) => {
  const mixed = parsed("<a>one<b>x</b>two<!-- no --> more<c/>\n</a>");
  t.equal(mixed.getText(), "onetwo more");
  t.strictSame(names(mixed.getChildElements()), ["b", "c"]);
  const nodes = mixed.getChildNodes();
  t.ok(nodes instanceof RoList && !(nodes instanceof RoXMLList));
  t.strictSame(names(nodes), ['"one"', "b", '"two more"', "c"]);
});

t.test("what is read", async (t) => {
  const rows: [xml: string, text: string][] = [
    ["<a>&lt;&gt;&amp;&apos;&quot;&#65;&#x42;&#x1F600;</a>", "<>&'\"AB😀"],
    ["<a><![CDATA[<b>&amp;]]]]><![CDATA[></b>]]></a>", "<b>&amp;]]></b>"],
    ["<a>x<?php echo 1 ?>y<!-- z --></a>", "xy"],
    ["<a>one\r\ntwo\rthree</a>", "one\ntwo\nthree"],
    ["\ufeff<!-- first --><a>x</a><!-- last -->\n", "x"],
    ["<!DOCTYPE a SYSTEM 'a.dtd' [<!ELEMENT a ANY><!ENTITY e 'x'>]><a>x</a>", "x"],
    ["<ns:a xmlns:ns='urn:x' ns:b='1'>x</ns:a>", "x"],
    ["<é>ü</é>", "ü"],
    ["<a\n  b = 'x'\n>x</a\n>", "x"],
  ];
  for (const [xml, text] of rows) t.equal(parsed(xml).getText(), text, xml);
  t.equal(parsed("<a b='2' B='1'/>").genXML(false), '<a B="1" b="2"/>');
  t.equal(parsed("<ns:a xmlns:ns='urn:x' ns:b='1'/>").getName(), "ns:a");
  t.equal(parsed("<ns:a xmlns:ns='urn:x' ns:b='1'/>").$$attribute("ns:b"), "1");
  t.equal(parsed("<a b=' x\ny&#10;z '/>").$$attribute("b"), " x y\nz ");
});

const malformed = [
  "",
  " ",
  "text",
  "<a>",
  "<a></b>",
  "<a/><b/>",
  "x<a/>",
  "<a/>x",
  "<a>&none;</a>",
  "<a b/>",
  "<a b=1/>",
  "<a b='1' b='2'/>",
  "<a b='<'/>",
  "<a>&</a>",
  "<a>\0</a>",
  "<a>&#0;</a>",
  "<a>\udc80</a>",
  "<1/>",
  "< a/>",
  "<a><!-- -- --></a>",
  "<a>]]></a>",
  "<a",
  "<![CDATA[x]]>",
  " <?xml version='1.0'?><a/>",
  "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>",
];

t.test("what is malformed gives false and changes nothing", async (t) => {
  for (const xml of malformed) {
    const element = parsed("<a b='1'>x</a>");
    t.equal(element.parse(xml), false, JSON.stringify(xml));
    t.equal(element.genXML(false), '<a b="1">x</a>');
  }
});

t.test("a document takes the place of another", async (t) => {
  const element = parsed("<a b='1'>x<c/></a>");
  t.equal(element.parse("<d>y</d>"), true);
  t.equal(element.genXML(false), "<d>y</d>");
});

t.test("entities that would grow without bounds are refused", async (t) => {
  const entities = Array.from({ length: 10 }, (_, i) => `<!ENTITY x${i + 1} "${`&x${i};`.repeat(10)}">`).join(
    "",
  );
  t.equal(new RoXMLElement().parse(`<!DOCTYPE a [<!ENTITY x0 "lol">${entities}]><a>&x10;</a>`), false);
});

t.test("deep and wide documents", async (t) => {
  const deep = `${"<a>".repeat(100_000)}x${"</a>".repeat(100_000)}`;
  t.equal(parsed(deep).genXML(false) === deep, true);
  const wide = `<a>${'<b c="1">x</b>\n'.repeat(150_000)}</a>`;
  t.equal(parsed(wide).$$field("b").count(), 150_000);
});

t.test("building", async (t) => {
  const root = new RoXMLElement();
  root.setName("myroot");
  root.addAttribute("key2", "value2");
  root.addAttribute("key1", "old");
  root.addAttribute("key1", "value1");
  const first = root.addBodyElement();
  first.setName("sub");
  first.setBody("this is the sub1 text");
  const second = root.addElement("subelement2");
  second.addText("more");
  second.addText(" text");
  root.addElementWithBody("sub", "another sub (#4)").addElement("x");
  root.addText("tail");
  const xml =
    '<myroot key1="value1" key2="value2"><sub>this is the sub1 text</sub><subelement2>more text</subelement2>' +
    "<sub>another sub (#4)<x/></sub>tail</myroot>";
  t.equal(root.genXML(false), xml);
  t.equal(root.genXML(true), `<?xml version="1.0" encoding="UTF-8"?>${xml}`);
  t.equal(root.genXMLHdr("<?xml version='1.1'?>\n"), `<?xml version='1.1'?>\n${xml}`);
  root.setBody("only");
  t.equal(root.genXML(false), '<myroot key1="value1" key2="value2">only</myroot>');
  root.setBody(null);
  t.equal(root.getBody(), null);
  root.clear();
  t.strictSame(
    [root.getName(), root.getText(), root.getAttributes().count(), root.getChildElements()],
    ["", "", 0, null],
  );
});

t.test("what is written is escaped", async (t) => {
  const element = new RoXMLElement("a");
  element.addAttribute("b", "<&>\"'\t\n\r");
  element.addText("<&>\"'\t\n\r]]>");
  t.equal(
    element.genXML(false),
    '<a b="&lt;&amp;&gt;&quot;\'&#9;&#10;&#13;">&lt;&amp;&gt;"\'\t\n&#13;]]&gt;</a>',
  );
});

t.test("the attributes are the element's own", async (t) => {
  const element = parsed("<a b='1'/>");
  const attributes = element.getAttributes();
  t.ok(attributes instanceof RoAssociativeArray);
  attributes.set("c", "2");
  attributes.set("number", 3);
  t.equal(element.genXML(false), '<a b="1" c="2"/>', "what is no text is left out");
});

t.test("a list speaks for its one element only", async (t) => {
  const [one, two] = [parsed("<a><b c='1'>x<d/></b></a>"), parsed("<a><b c='1'><d/></b><b><d/><D/></b></a>")];
  t.equal(one.$$field("b").getText(), "x");
  t.equal(one.$$field("b").getAttributes()?.lookup("c"), "1");
  t.strictSame(names(one.$$field("b").getChildElements()), ["d"]);
  t.equal((one.$$field("b").simplify() as RoXMLElement).name, "b");
  const list = two.$$field("b");
  t.equal(list.getText(), "");
  t.equal(list.getAttributes(), null);
  t.equal(list.getChildElements(), null);
  t.equal(list.simplify(), list);
  t.strictSame(names(list.getNamedElements("d")), ["d", "d"], "but gathers from all");
  t.strictSame(names(list.getNamedElementsCi("d")), ["d", "d", "D"]);
  const none = new RoXMLList();
  t.strictSame(
    [none.getText(), none.getAttributes(), none.simplify(), names(none.getNamedElements("d"))],
    ["", null, none, []],
  );
  none.addTail("text");
  t.strictSame(
    [none.getText(), none.getAttributes(), none.simplify(), names(none.$$field("d"))],
    ["", null, "text", []],
  );
});

const name = fc.stringMatching(/^[A-Za-z_][\w.-]{0,8}$/);
/** Characters that XML may have. */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(9, 10, 13),
      fc.integer({ min: 0x20, max: 0xd7ff }),
      fc.integer({ min: 0x10000, max: 0x10ffff }),
    ),
  )
  .map((codes) => String.fromCodePoint(...codes));

const { element } = fc.letrec<{ element: RoXMLElement }>((tie) => ({
  element: fc
    .tuple(
      name,
      fc.array(fc.tuple(name, text), { maxLength: 3 }),
      fc.array(fc.oneof({ depthSize: "small" }, text, tie("element")), { maxLength: 4 }),
    )
    .map(([name, attributes, nodes]) => {
      const made = new RoXMLElement(name);
      for (const [key, value] of attributes) made.addAttribute(key, value);
      for (const node of nodes) {
        if (typeof node === "string") made.addText(node);
        else made.nodes.push(node);
      }
      return made;
    }),
}));

/** As parsing leaves it: without white space alone between elements. */
function tidy(element: RoXMLElement): RoXMLElement {
  const children = element.nodes.filter((node) => typeof node === "object");
  if (children.length > 0) {
    element.nodes = element.nodes.filter((node) => typeof node === "object" || /[^\t\n\r ]/.test(node));
  }
  children.forEach(tidy);
  return element;
}

t.test("property: what is written is read", async (t) => {
  fc.assert(
    fc.property(element.map(tidy), fc.boolean(), (element, header) => {
      const xml = element.genXML(header);
      t.equal(parsed(xml).genXML(header), xml);
    }),
  );
});

t.test("property: any text is parsed or refused", async (t) => {
  const pieces = fc.constantFrom(
    "<",
    ">",
    "/",
    "a",
    "<a>",
    "</a>",
    "<a/>",
    "&",
    ";",
    "&lt;",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?",
    "?>",
    "'",
    '"',
    "=",
    " b='",
    "<!DOCTYPE",
    "[",
    "]",
    "\n",
    "é",
  );
  fc.assert(
    fc.property(fc.array(pieces), (parts) => {
      const element = new RoXMLElement();
      if (element.parse(parts.join("")))
        t.equal(parsed(element.genXML(false)).genXML(false), element.genXML(false));
    }),
    { numRuns: 300 },
  );
});
