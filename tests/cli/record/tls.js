// TLS in front of the ports 4310 to 4313, on ports that are higher by ten. The servers behind it speak HTTP/1.1 or
// HTTP/2, like the client.
const net = require("node:net");
const tls = require("node:tls");

const pem = process.argv[1];
// The recorder has ended.
process.stdin.on("end", () => process.exit()).resume();
for (const port of [4310, 4311, 4312, 4313]) {
  const server = tls.createServer({ key: pem, cert: pem, ALPNProtocols: ["h2", "http/1.1"] }, (client) => {
    const behind = net.connect(port, "127.0.0.1");
    client.on("error", () => behind.destroy());
    behind.on("error", () => client.destroy());
    client.pipe(behind).pipe(client);
  });
  server.on("tlsClientError", () => {});
  server.listen(port + 10, "127.0.0.1");
}
