// The server of Node alone, with static files as a person writes them: node plain.js PORT DOCUMENTS
const fs = require('fs');
const http = require('http');
const path = require('path');
const zlib = require('zlib');

const [port, documents] = process.argv.slice(2);

function known(request, tag, modified) {
    const tags = request.headers['if-none-match'];
    if (tags !== undefined) {
        return tags === '*' || tags.split(/\s*,\s*/).includes(tag);
    }
    return Date.parse(request.headers['if-modified-since']) >= Date.parse(modified);
}

function file(request, response, name) {
    const { mtime, size } = fs.statSync(name);
    const compressed = size > 1000 && /\bgzip\b/.test(request.headers['accept-encoding'] || '');
    const tag = `"${size.toString(16)}-${mtime.getTime().toString(16)}${compressed ? '-gzip' : ''}"`;
    response.setHeader('Vary', 'Accept-Encoding');
    response.setHeader('ETag', tag);
    response.setHeader('Last-Modified', mtime.toUTCString());
    if (known(request, tag, mtime.toUTCString())) {
        response.writeHead(304).end();
        return;
    }
    let content = fs.readFileSync(name);
    if (compressed) {
        response.setHeader('Content-Encoding', 'gzip');
        content = zlib.gzipSync(content);
    }
    response.setHeader('Content-Type', 'text/plain; charset=utf-8');
    response.setHeader('Content-Length', content.length);
    response.end(content);
}

http.createServer((request, response) => {
    const name = path.join(documents, path.normalize(new URL(request.url, 'http://localhost').pathname));
    const methods = request.url === '/refused' ? ['POST'] : ['GET', 'HEAD'];
    if (!methods.includes(request.method)) {
        response.writeHead(405, { Allow: methods.join(', '), 'Content-Type': 'text/plain' }).end('not allowed');
    } else if (request.url === '/moved') {
        response.writeHead(301, { Location: '/a.txt' }).end();
    } else if (['/no-content', '/refused'].includes(request.url)) {
        response.writeHead(204).end();
    } else if (request.url === '/cookies') {
        response.setHeader('Set-Cookie', ['a=1', 'b=2; Max-Age=60; HttpOnly']);
        response.writeHead(200, { 'Content-Type': 'text/plain' }).end('hello');
    } else if (fs.existsSync(name) && fs.statSync(name).isFile()) {
        file(request, response, name);
    } else {
        response.writeHead(404, { 'Content-Type': 'text/plain' }).end('not found');
    }
}).listen(Number(port), '127.0.0.1');
