import { expect, it, vi } from 'vitest';

it('is said in English until its words are there', async () => {
  vi.resetModules();
  const { learn, translator } = await import('../../../src/text/index.js');
  const before = translator('zh-CN');
  expect([before.language, before('tray.thisPc')]).toEqual(['en', 'This PC']);
  await learn('zh-CN');
  const after = translator('zh-CN');
  expect([after.language, after('tray.thisPc')]).toEqual(['zh-CN', '此电脑']);
});
