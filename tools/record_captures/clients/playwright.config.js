// Keeps a trace of each test, whatever becomes of it.
module.exports = {
  testMatch: 'playwright_test.spec.js',
  reporter: 'line',
  use: {
    trace: 'on',
    baseURL: process.env.BASE,
    launchOptions: { executablePath: process.env.CHROMIUM, args: ['--no-sandbox'] },
  },
};
