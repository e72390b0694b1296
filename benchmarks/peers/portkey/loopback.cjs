// Portkey listens on all addresses and has no option for it; a benchmark has nothing to offer to a network.
const { Server } = require("node:net");

const listen = Server.prototype.listen;

Server.prototype.listen = function (port, _host, ...rest) {
  return listen.call(this, port, "127.0.0.1", ...rest);
};
