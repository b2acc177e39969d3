// An editor with yaml-language-server: opens files and says what it underlines and what it proposes.
//
// Reads a JSON list of files `{uri, text, asks: [{line, character}]}` from the path that it is given, and writes a JSON
// object a line: `{uri, underlined: ["2:1 message"], proposed: [["label", …], …]}`, in the order of the list.

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

const files = JSON.parse(readFileSync(process.argv[2], "utf8"));
const server = spawn(process.execPath, ["node_modules/yaml-language-server/bin/yaml-language-server", "--stdio"], {
  stdio: ["pipe", "pipe", "inherit"],
});
const settings = {
  yaml: { validate: true, completion: true, hover: true, schemaStore: { enable: false } },
  http: {},
};

setTimeout(() => {
  console.error("the server did not answer for two minutes");
  process.exit(1);
}, 120_000).unref();

let lastId = 0;
const answers = new Map();
const published = new Map();
const waiting = new Map();

function send(message) {
  const json = JSON.stringify({ jsonrpc: "2.0", ...message });
  server.stdin.write(`Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`);
}

function ask(method, params) {
  lastId += 1;
  const id = lastId;
  send({ id, method, params });
  return new Promise((resolve) => answers.set(id, resolve));
}

function take(message) {
  if (message.method === "textDocument/publishDiagnostics") {
    published.set(message.params.uri, message.params.diagnostics);
    waiting.get(message.params.uri)?.();
  } else if (message.method === "workspace/configuration") {
    send({ id: message.id, result: message.params.items.map((item) => settings[item.section] ?? {}) });
  } else if (message.method && message.id !== undefined) {
    send({ id: message.id, result: null });
  } else if (message.id !== undefined) {
    if (message.error) throw new Error(JSON.stringify(message.error));
    answers.get(message.id)(message.result);
  }
}

let buffer = Buffer.alloc(0);
server.stdout.on("data", (chunk) => {
  buffer = Buffer.concat([buffer, chunk]);
  for (;;) {
    const end = buffer.indexOf("\r\n\r\n");
    if (end < 0) return;
    const length = Number(/Content-Length: (\d+)/i.exec(buffer.toString("ascii", 0, end))[1]);
    if (buffer.length < end + 4 + length) return;
    const json = buffer.toString("utf8", end + 4, end + 4 + length);
    buffer = buffer.subarray(end + 4 + length);
    take(JSON.parse(json));
  }
});

await ask("initialize", {
  processId: process.pid,
  rootUri: null,
  capabilities: { workspace: { configuration: true }, textDocument: { completion: {}, publishDiagnostics: {} } },
});
send({ method: "initialized", params: {} });
send({ method: "workspace/didChangeConfiguration", params: { settings } });

const validated = files.map(({ uri, text }) => {
  send({ method: "textDocument/didOpen", params: { textDocument: { uri, languageId: "yaml", version: 1, text } } });
  return new Promise((resolve) => waiting.set(uri, resolve));
});
await Promise.all(validated);
for (const { uri, asks = [] } of files) {
  const proposed = [];
  for (const position of asks) {
    const found = await ask("textDocument/completion", { textDocument: { uri }, position });
    proposed.push((found?.items ?? []).map((item) => item.label));
  }
  const place = ({ start }) => `${start.line + 1}:${start.character + 1}`;
  const underlined = published.get(uri).map(({ range, message }) => `${place(range)} ${message}`);
  console.log(JSON.stringify({ uri, underlined, proposed }));
}
await ask("shutdown", null);
send({ method: "exit" });
