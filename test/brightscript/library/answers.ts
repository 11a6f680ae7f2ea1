/** Answers of HTTP servers that are not by the book, and what curl makes of them. */
import { deflateRawSync, deflateSync, gzipSync } from "node:zlib";

/** The status, or an error number of libcurl's, negative; and the body. */
export interface Outcome {
  readonly code: number;
  readonly body: string;
}

export interface Strange extends Outcome {
  /** What the server sends before it closes the connection. */
  readonly answer: Buffer;
  /** curl does otherwise, because: */
  readonly unlikeCurl?: string;
}

const bytes = (...parts: (string | Buffer)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : part)));

export const strange: Record<string, Strange> = {};

function add(name: string, answer: string | Buffer, code = 200, body = "hello", unlikeCurl?: string): void {
  strange[name] = { answer: bytes(answer), code, body, ...(unlikeCurl === undefined ? {} : { unlikeCurl }) };
}

const start = "HTTP/1.1 200 OK\r\n";
const length = "Content-Length: 5\r\n";
const rest = `${length}\r\nhello`;
const chunks = "5\r\nhello\r\n0\r\n\r\n";
const chunked = `${start}Transfer-Encoding: chunked\r\n`;

// Lines and headers.
add("lf", "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello");
add("lf-mixed", "HTTP/1.1 200 OK\r\nContent-Length: 5\n\r\nhello");
add("folded", `${start}X: a\r\n b\r\n\tc\r\n${rest}`);
add(
  "folded-length",
  `${start}Content-Length:\r\n 5\r\n\r\nhello`,
  200,
  "hello",
  "it refuses the empty value",
);
add("space-before-colon", `${start}X : a\r\n${rest}`);
add("space-before-colon-of-length", `${start}Content-Length : 5\r\n\r\nhello`);
add("space-in-name", `${start}X Y: a\r\n${rest}`);
add("no-name", `${start}: a\r\n${rest}`);
add("bytes-in-name", `${start}X\xe9: \xff\r\n${rest}`);
add("control-characters", `${start}X: a\x01\x1f\x7fb\r\n${rest}`);
add("carriage-return-in-value", `${start}X: a\rb\r\n${rest}`);
add("two-carriage-returns", "HTTP/1.1 200 OK\r\r\nContent-Length: 5\r\r\n\r\r\nhello");
add("large-header", `${start}X: ${"a".repeat(99_000)}\r\n${rest}`);
add("many-headers", `${start}${Array.from({ length: 3_000 }, (_, i) => `X${i}: y\r\n`).join("")}${rest}`);
add("290-kilobytes-of-headers", `${start}${`X: ${"a".repeat(1_000)}\r\n`.repeat(290)}${rest}`);
add("400-kilobytes-of-headers", `${start}${`X: ${"a".repeat(1_000)}\r\n`.repeat(400)}${rest}`, -56, "");
add("nul", `${start}X: a\0b\r\n${rest}`, -8, "");
add("no-colon", `${start}no colon\r\n${rest}`, -8, "");

// The status line.
add("two-spaces", `HTTP/1.1  200  OK\r\n${rest}`);
add("lower-case", `http/1.1 200 ok\r\n${rest}`);
add("http-2", `HTTP/2 200\r\n${rest}`);
add("http-2.0", `HTTP/2.0 200 OK\r\n${rest}`);
add("bytes-in-reason", "HTTP/1.1 404 Pas trouv\xc3\xa9\r\nContent-Length: 0\r\n\r\n", 404, "");
add("no-reason", `HTTP/1.1 200\r\n${rest}`);
add("http-1.2", `HTTP/1.2 200 OK\r\n${rest}`, -1, "");
add("http-4", `HTTP/4 200 OK\r\n${rest}`, -1, "");
add("http-1", `HTTP/1 200 OK\r\n${rest}`, -1, "");
add("two-digits", `HTTP/1.1 20\r\n${rest}`, -1, "");
add("four-digits", `HTTP/1.1 2000 OK\r\n${rest}`, -1, "");
add("status-0", `HTTP/1.1 000 OK\r\n${rest}`, -1, "");
add("icy", `ICY 200 OK\r\n${rest}`, -1, "");
add("ssh", "SSH-2.0-OpenSSH_9.2\r\n", -1, "");
add("blank-line-first", `\r\n${start}${rest}`, -1, "");
add("space-first", ` ${start}${rest}`, -1, "");

// Where the body ends.
add("equal-lengths", `${start}${length}${rest}`);
add("different-lengths", `${start}Content-Length: 5\r\nContent-Length: 3\r\n\r\nhello`, 200, "hel");
add("list-of-lengths", `${start}Content-Length: 5, 5\r\n\r\nhello`);
add("length-with-plus", `${start}Content-Length: +5\r\n\r\nhello`);
add("length-with-unit", `${start}Content-Length: 5 bytes\r\n\r\nhello`);
add("huge-length", `${start}Content-Length: 99999999999999999999\r\n\r\nhello`);
add("negative-length", `${start}Content-Length: -5\r\n\r\nhello`, -8, "");
add("length-is-a-word", `${start}Content-Length: x\r\n\r\nhello`, -8, "");
add("length-is-empty", `${start}Content-Length:\r\n\r\nhello`, -8, "");
add("length-and-chunks", `${start}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}`);
add("chunks-and-length", `${chunked}Content-Length: 3\r\n\r\n${chunks}`);
add("too-short", `${start}Content-Length: 10\r\n\r\nhello`, -18, "");
add("too-long", `${start}${rest} and more`);
add("until-the-end", `${start}\r\nhello`);
add("http-1.0", "HTTP/1.0 200 OK\r\n\r\nhello");
add("http-1.0-chunks", `HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}`);
add("204-with-body", `HTTP/1.1 204 No\r\n${rest}`, 204, "");
add("204-with-chunks", `HTTP/1.1 204 No\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}`, 204, "");
add("304-with-length", `HTTP/1.1 304 No\r\n${length}\r\n`, 304, "");
add("205-with-body", `HTTP/1.1 205 Reset\r\n${rest}`, 205);
add("nothing", "", -52, "");
add("half-a-status-line", "HTTP/1.1 20", -52, "");
add("only-a-status-line", start, 200, "");
add("end-in-headers", `${start}X: y\r\nConte`, 200, "");
add("end-in-headers-with-length", `${start}${length}`, -18, "");

// Answers before the answer.
add("100", `HTTP/1.1 100 Continue\r\n\r\n${start}${rest}`);
add("103", `HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${start}${rest}`);
add("many-102", `${"HTTP/1.1 102 Processing\r\n\r\n".repeat(50)}${start}${rest}`);
add("100-with-length", `HTTP/1.1 100 Continue\r\nContent-Length: 3\r\n\r\n${start}${rest}`);
add(
  "endless-102",
  "HTTP/1.1 102 Processing\r\n\r\n".repeat(20_000),
  -56,
  "",
  "it has no limit for all of them together",
);

// Chunks.
add("chunk-padded", `${chunked}\r\n5   \r\nhello\r\n0\r\n\r\n`);
add("chunk-zeros", `${chunked}\r\n0005\r\nhello\r\n000\r\n\r\n`);
add("chunk-lf", `HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n5\nhello\n0\n\n`);
add("chunk-extension", `${chunked}\r\n5;a="b"\r\nhello\r\n0;x\r\n\r\n`);
add("chunk-trailers", `${chunked}\r\n5\r\nhello\r\n0\r\nX-T: 1\r\nX-U: 2\r\n\r\n`);
add("chunk-names", `${start}TRANSFER-ENCODING: Chunked\r\n\r\n${chunks}`);
add("chunk-twice", `${chunked}Transfer-Encoding: chunked\r\n\r\n${chunks}`);
add("chunk-garbage-behind", `${chunked}\r\n${chunks}garbage`);
add("chunk-indented", `${chunked}\r\n 5\r\nhello\r\n0\r\n\r\n`, -56, "");
add("chunk-without-size", `${chunked}\r\n\r\n`, -56, "");
add("chunk-word", `${chunked}\r\nxyz\r\n`, -56, "");
add("chunk-negative", `${chunked}\r\n-5\r\nhello\r\n0\r\n\r\n`, -56, "");
add("chunk-long-number", `${chunked}\r\n${"0".repeat(16)}5\r\nhello\r\n0\r\n\r\n`, -56, "");
add("chunk-huge", `${chunked}\r\nffffffffffffffff\r\nhello\r\n0\r\n\r\n`, -56, "");
add("chunk-too-long", `${chunked}\r\n5\r\nhello0\r\n\r\n`, -56, "");
add("chunk-without-end", `${chunked}\r\n5\r\nhello\r\n`, -18, "");
add("chunk-without-last-line", `${chunked}\r\n5\r\nhello\r\n0\r\n`, -18, "");

// Encodings, which are asked for.
const text = "hello";
const gzip = gzipSync(text);
const zlib = deflateSync(text);
const encoded = (name: string, ...body: (string | Buffer)[]): Buffer =>
  bytes(start, `Content-Encoding: ${name}\r\n\r\n`, ...body);
const names = (count: number): string => Array(count).fill("gzip").join(",");
const times = (count: number): Buffer => {
  let body: Buffer = Buffer.from(text);
  for (let i = 0; i < count; i++) body = gzipSync(body);
  return body;
};
add("transfer-identity", `${start}Transfer-Encoding: identity\r\n${rest}`);
add("transfer-identity-chunked", `${start}Transfer-Encoding: identity, chunked\r\n\r\n${chunks}`);
add("transfer-gzip", bytes(start, "Transfer-Encoding: gzip\r\n\r\n", gzip));
add(
  "transfer-gzip-chunked",
  bytes(
    start,
    `Transfer-Encoding: gzip, chunked\r\n\r\n${gzip.length.toString(16)}\r\n`,
    gzip,
    "\r\n0\r\n\r\n",
  ),
);
add("transfer-unknown", `${start}Transfer-Encoding: rot13\r\n${rest}`, -61, "");
add("gzip", encoded("gzip", gzip));
add("gzip-upper-case", encoded("GZip ", gzip));
add("gzip-twice", encoded("gzip, gzip", gzipSync(gzip)));
add("gzip-five-times", encoded(names(5), times(5)));
add("gzip-six-times", encoded(names(6), times(6)), -61, "");
add("very-many-encodings", encoded(names(15_000), "hello"), -61, "");
add("very-many-encodings-of-nothing", encoded(names(15_000)), -61, "");
add("very-many-transfer-encodings", `${start}Transfer-Encoding: ${names(15_000)}\r\n${rest}`, -61, "");
add("gzip-in-two-headers", encoded("gzip\r\nContent-Encoding: gzip", gzipSync(gzip)));
add("gzip-nothing", encoded("gzip"), 200, "");
add("gzip-is-deflate", encoded("gzip", zlib));
add("gzip-wrong-sum", encoded("gzip", gzip.subarray(0, -8), Buffer.alloc(8)), -61, "");
add("gzip-cut", encoded("gzip", gzip.subarray(0, -8)), -61, "", "it does not notice");
add("gzip-padded", encoded("gzip", gzip, Buffer.alloc(20)), 200, "hello", "it fails with -23");
add("deflate", encoded("deflate", zlib));
add("deflate-raw", encoded("deflate", deflateRawSync(text)));
add("deflate-padded", encoded("deflate", zlib, Buffer.alloc(20)), 200, "hello", "it fails with -23");
add("identity", encoded("identity", "hello"));
add("no-encoding", encoded("", "hello"));
add("unknown-encoding", encoded("utf-8", "hello"), -61, "");

// Redirects.
const redirect = (to: string, code = 302): string => `HTTP/1.1 ${code} Found\r\nLocation: ${to}\r\n${rest}`;
add("redirect-to-script", redirect("javascript:1"), -1, "");
add("redirect-to-mail", redirect("mailto:x@y"), -1, "");
add("redirect-to-file", redirect("file:///etc/passwd"), -1, "");
add("redirect-to-nothing", redirect(""), 302);
add("redirect-300", redirect("/gzip", 300));
add("redirect-305", redirect("/gzip", 305));
add("redirect-201", redirect("/gzip", 201), 201);
add("redirect-with-spaces", redirect("/a b"), 404, "");
add("redirect-with-bytes", redirect("/\xc3\xa9"), 404, "");
