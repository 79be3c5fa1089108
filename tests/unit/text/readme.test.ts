/** What people read first says what the app says, in both languages. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { translator } from '../../../src/text/index.js';

const files = { en: 'README.md', 'zh-CN': 'README.zh-CN.md' } as const;
const read = (language: keyof typeof files): string =>
  readFileSync(new URL(`../../../${files[language]}`, import.meta.url), 'utf8');

describe.each(['en', 'zh-CN'] as const)('the page that people read first, in %s', (language) => {
  const text = read(language);
  const t = translator(language);

  it('says where it was tested in the words of Settings', () => expect(text).toContain(t('settings.testedWhy')));

  it('calls buttons by their names', () => {
    for (const name of [t('machines.trySimulated'), t('app.backToPc'), t('machines.turnOn'), t('app.pageActivity')])
      expect(text).toContain(`**${name}**`);
  });

  it('leads to the other', () => expect(text).toContain(`(${files[language === 'en' ? 'zh-CN' : 'en']})`));

  it('is silent about a release that there is not', () =>
    expect(text).not.toMatch(/winget install|releases\/(?:latest|download)/));
});

it('has the two commands on lines of their own', () => {
  for (const command of ['npm start', 'npm test']) expect(read('en').split('\n')).toContain(`    ${command}`);
});
