// The server of Node alone, with static files as a person writes them: node plain.js PORT DOCUMENTS
const fs = require('fs');
const http = require('http');
const path = require('path');
const zlib = require('zlib');

const [port, documents] = process.argv.slice(2);

function file(request, response, name) {
    const { mtime, size } = fs.statSync(name);
    const tag = `"${size.toString(16)}-${mtime.getTime().toString(16)}"`;
    response.setHeader('Content-Type', 'text/plain; charset=utf-8');
    response.setHeader('Vary', 'Accept-Encoding');
    response.setHeader('Last-Modified', mtime.toUTCString());
    const compressed = size > 1000 && /\bgzip\b/.test(request.headers['accept-encoding'] || '');
    response.setHeader('ETag', compressed ? tag.replace(/"$/, '-gzip"') : tag);
    const known = request.headers['if-none-match'];
    if (known !== undefined && (known === '*' || known.split(/\s*,\s*/).includes(response.getHeader('ETag')))) {
        response.writeHead(304).end();
        return;
    }
    let content = fs.readFileSync(name);
    if (compressed) {
        response.setHeader('Content-Encoding', 'gzip');
        content = zlib.gzipSync(content);
    }
    response.setHeader('Content-Length', content.length);
    response.end(request.method === 'HEAD' ? undefined : content);
}

http.createServer((request, response) => {
    const name = path.join(documents, path.normalize(new URL(request.url, 'http://localhost').pathname));
    if (request.url === '/moved') {
        response.writeHead(301, { Location: '/a.txt' }).end();
    } else if (request.url === '/no-content') {
        response.writeHead(204).end();
    } else if (request.url === '/cookies') {
        response.setHeader('Set-Cookie', ['a=1', 'b=2; Max-Age=60; HttpOnly']);
        response.end('hello');
    } else if (request.url === '/refused' || !['GET', 'HEAD'].includes(request.method)) {
        response.writeHead(405, { Allow: request.url === '/refused' ? 'POST' : 'GET, HEAD' }).end();
    } else if (fs.existsSync(name) && fs.statSync(name).isFile()) {
        file(request, response, name);
    } else {
        response.writeHead(404, { 'Content-Type': 'text/plain' }).end('not found');
    }
}).listen(Number(port), '127.0.0.1');
