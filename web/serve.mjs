// A static file server for one folder, for `./dev run` and the page's tests. It answers with the types a browser
// insists on, and forbids caching, so that a rebuilt page is never a mixture of old and new.
//
//   node web/serve.mjs FOLDER [PORT [OPENER]]
//
// On 127.0.0.1; port 0 takes a free one. Prints the address, then runs OPENER (such as xdg-open) with it.

import { spawn } from 'node:child_process';
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
};

// Resolves to { url, close } once it listens. `prefix` is the path the folder stands under, "/" or "/some/dir/".
// Errors: rejects with the system's error, such as EADDRINUSE.
export function serve(folder, port = 0, prefix = '/') {
  const root = resolve(folder);
  const server = createServer((request, response) => {
    const refuse = (status) => response.writeHead(status).end();
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405);
    let path;
    try {
      path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
    } catch {
      return refuse(400);
    }
    if (!path.startsWith(prefix)) return refuse(404);
    let file = join(root, normalize(`/${path.slice(prefix.length)}`));
    let stat = statSync(file, { throwIfNoEntry: false });
    if (stat?.isDirectory()) {
      file = join(file, 'index.html');
      stat = statSync(file, { throwIfNoEntry: false });
    }
    if (!stat?.isFile()) return refuse(404);
    response.writeHead(200, {
      'Content-Type': types[extname(file)] ?? 'application/octet-stream',
      'Content-Length': stat.size,
      'Cache-Control': 'no-store',
    });
    if (request.method === 'HEAD') return response.end();
    createReadStream(file).on('error', () => response.destroy()).pipe(response);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const close = () => {
        server.closeAllConnections();
        return new Promise((done) => server.close(done));
      };
      resolve({ url: `http://127.0.0.1:${server.address().port}${prefix}`, close });
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder, port, opener] = process.argv.slice(2);
  try {
    const { url } = await serve(folder, Number(port ?? 8080));
    console.log(url);
    if (opener) spawn(opener, [url], { stdio: 'ignore' }).on('error', () => {});
  } catch (error) {
    console.error(error.code === 'EADDRINUSE' ? `Port ${port} is in use: choose another.` : error.message);
    process.exit(1);
  }
}
