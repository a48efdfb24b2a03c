// Runs Playwright Test where it is installed, and keeps the trace of its one test: NODE_DIRECTORY CHROMIUM, job on stdin.
const { execFileSync } = require('child_process');
const fs = require('fs');
const path = require('path');

const [directory, chromium] = process.argv.slice(2);
const job = JSON.parse(fs.readFileSync(0, 'utf-8'));
fs.rmSync(path.join(directory, 'test-results'), { recursive: true, force: true });
execFileSync('npx', ['playwright', 'test'], {
  cwd: directory, stdio: ['ignore', 2, 2],
  env: { ...process.env, BASE: job.base, CHROMIUM: chromium, ASKS: JSON.stringify(job.asks) },
});
const results = path.join(directory, 'test-results');
const [test] = fs.readdirSync(results).filter((name) => fs.existsSync(path.join(results, name, 'trace.zip')));
fs.copyFileSync(path.join(results, test, 'trace.zip'), job.out);
