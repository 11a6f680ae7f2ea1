// Markdown that is read as it is, too: on a terminal.

const width = 110;

/** A paragraph or list item in lines of at most `width`; the lines after the first begin with `indent`. */
function wrap(text, first = "", indent = first) {
  const lines = [];
  let line = first;
  let isEmpty = true;
  // What is in backquotes stays on one line: broken code is hard to read.
  for (const word of text.match(/(?:`[^`]*`|[^\s`])+/g) ?? []) {
    if (!isEmpty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent;
      isEmpty = true;
    }
    line += (isEmpty ? "" : " ") + word;
    isEmpty = false;
  }
  return [...lines, line].join("\n");
}

module.exports = { wrap };
