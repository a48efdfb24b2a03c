// Records tests/e2e/recorded/cypress.har: what the plugin for Cypress writes of a small server of ours. Cypress itself is
// a download of its own, so this script does what it does for the plugin: it starts Chromium with the plugin's flags,
// and calls its tasks.
//
//     npm install --ignore-scripts --legacy-peer-deps @neuralegion/cypress-har-generator
//     NODE_PATH=node_modules node tools/record_cypress.js tests/e2e/recorded
const { spawn } = require('child_process');
const fs = require('fs');
const http = require('http');
const os = require('os');
const path = require('path');
const CDP = require('chrome-remote-interface');
const { install } = require('@neuralegion/cypress-har-generator');

const PORT = 28381;
const PAGE = `<!DOCTYPE html><title>shop</title><link rel="icon" href="data:,">
<script>fetch("/items/1").then(r => r.text()).then(() => fetch("/items/1", {method: "DELETE"}))</script>`;
const later = seconds => new Promise(resolve => setTimeout(resolve, 1000 * seconds));

function answer(request, response) {
  if (request.url === '/') {
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(PAGE);
  } else if (request.method === 'GET') {
    response.writeHead(200, { 'Content-Type': 'application/json', ETag: 'v1' }).end('{"number": 1}');
  } else {
    response.writeHead(405, { 'Content-Type': 'text/plain' }).end('no');
  }
}

async function main(outDir) {
  const tasks = {};
  const browser = { args: [] };
  let launch;
  install((event, handler) => {
    if (event === 'task') Object.assign(tasks, handler);
    if (event === 'before:browser:launch') launch = handler;
  });
  await launch({ name: 'chrome', family: 'chromium' }, browser);
  const server = http.createServer(answer).listen(PORT, '127.0.0.1');
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'profile-'));
  const chromium = spawn('chromium', ['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${profile}`,
    ...browser.args, 'about:blank'], { stdio: 'ignore' });
  await later(5);
  await tasks.recordHar({ rootDir: outDir, content: true, includeBlobs: false });
  const port = Number(/port=(\d+)/.exec(browser.args.join(' '))[1]);
  const client = await CDP({ port });
  await client.Page.navigate({ url: `http://127.0.0.1:${PORT}/` });
  await later(3);
  await tasks.saveHar({ fileName: 'cypress.har', outDir, waitForIdle: true });
  await client.close();
  chromium.kill();
  server.close();
  await later(1);
  fs.rmSync(profile, { recursive: true, force: true });
}

main(process.argv[2]).then(() => process.exit(0), error => { console.error(error); process.exit(1); });
