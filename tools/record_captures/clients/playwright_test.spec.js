// A test that asks with a page and past it: each has a stream of its own in the trace.
const { test } = require('@playwright/test');

const asks = JSON.parse(process.env.ASKS);

test('asks', async ({ page, playwright, baseURL }) => {
  test.setTimeout(120000);
  await page.goto('/conforming/page');
  for (const { method, path, fields, content } of asks)
    await page.evaluate(async ([method, path, fields, content]) => {
      const response = await fetch(path, {
        method, headers: fields, body: content ?? undefined, redirect: 'follow', cache: 'no-store',
        credentials: 'omit', signal: AbortSignal.timeout(8000) });
      await response.arrayBuffer();
    }, [method, path, fields, content]).catch(error => console.error(`${method} ${path}: ${error}`));
  const request = await playwright.request.newContext({ baseURL });
  for (const { method, path, fields, content } of asks.slice(0, 10))
    await request.fetch(path, { method, headers: Object.fromEntries(fields), data: content ?? undefined });
});
