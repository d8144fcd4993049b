// Whoever stands before the server: browsers know it as the server, and it does with each request as it is told.
import { createServer, request } from "node:http";

/** Starts one that forwards everything until it is told a lie: `(ask, forward) => answer`, both with method, path, headers, body. */
export async function startLiar() {
  let port;
  let lie;
  const forward = (ask) =>
    new Promise((resolve, reject) => {
      const headers = { ...ask.headers, host: `127.0.0.1:${port}` };
      const call = request({ port, host: "127.0.0.1", method: ask.method, path: ask.path, headers }, async (answer) => {
        resolve({ status: answer.statusCode, headers: answer.headers, body: await bytes(answer) });
      });
      call.once("error", reject);
      call.end(ask.body);
    });
  const server = createServer(async (incoming, outgoing) => {
    const { method, url: path, headers } = incoming;
    try {
      const ask = { method, path, headers, body: await bytes(incoming) };
      const answer = await (lie === undefined ? forward(ask) : lie(ask, forward));
      outgoing.writeHead(answer.status, answer.headers).end(answer.body);
    } catch {
      outgoing.destroy();
    }
  });
  // Nobody is woken: these browsers sync when they are told to.
  server.on("upgrade", (_, socket) => socket.destroy());
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    leadTo: (to) => {
      port = to;
    },
    tell: (to) => {
      lie = to;
    },
    turnHonest: () => {
      lie = undefined;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

/** What a server says that refuses. */
export function problem(status, kind) {
  return { status, headers: { "content-type": "application/problem+json" }, body: JSON.stringify({ type: `/problems/${kind}`, title: kind }) };
}

async function bytes(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}
