// Express with its static files and the middleware compression: node express.js PORT DOCUMENTS
const express = require('express');
const compression = require('compression');

const [port, documents] = process.argv.slice(2);
const app = express();
app.use(compression());
app.get('/moved', (request, response) => response.redirect(301, '/a.txt'));
app.get('/no-content', (request, response) => response.sendStatus(204));
app.post('/refused', (request, response) => response.sendStatus(204));
app.all('/refused', (request, response) => response.set('Allow', 'POST').sendStatus(405));
app.get('/cookies', (request, response) => {
    response.cookie('a', '1').cookie('b', '2', { maxAge: 60000, httpOnly: true }).send('hello');
});
app.use(express.static(documents));
app.listen(Number(port), '127.0.0.1');
