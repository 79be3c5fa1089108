/** The lint rule that keeps an unread list from passing for an empty one: what it refuses, and what it leaves. */
import path from 'node:path';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { beforeAll, describe, expect, it } from 'vitest';
import { readingRule } from '../../../tools/reading-rule.js';

const root = path.resolve(import.meta.dirname, '../../..');
const eslint = new ESLint({
  cwd: root,
  overrideConfigFile: true,
  overrideConfig: [
    {
      files: ['**/*.ts'],
      plugins: { hypernest: { rules: { reading: readingRule } } },
      rules: { 'hypernest/reading': 'error' },
      languageOptions: {
        parser: tseslint.parser,
        parserOptions: {
          tsconfigRootDir: root,
          projectService: { allowDefaultProject: ['case.ts'], defaultProject: 'tsconfig.json' },
        },
      },
    },
  ],
});

const head = `import { ifRead, type Reading } from './src/core/machine/reading.js';
declare const list: Reading<readonly string[]>;
declare const read: Exclude<typeof list, undefined>;
declare const host: { readonly list?: Reading<readonly string[]> } | undefined;
declare const plain: readonly string[] | undefined;
declare const told: { readonly told: string } & { readonly other: string } | undefined;
`;
async function refused(statement: string): Promise<readonly (string | null)[]> {
  const [result] = await eslint.lintText(head + statement, { filePath: path.join(root, 'case.ts') });
  return (result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message);
}

// All types of the project are read once.
beforeAll(() => refused(''), 120_000);

describe('a list that may be unread', () => {
  it.each([
    'export const a = list ?? [];',
    'export const a = list || [];',
    'export const a = host?.list ?? [];',
    'export const a = list?.length;',
    'export const a = host?.list?.length;',
    'export const a = !list;',
    'export const a = list ? 1 : 2;',
    'if (list) throw new Error();',
    'while (list) break;',
    'export const a = (one = list && 1) => one;',
    'export const a = ({ list: all = [] }: { readonly list?: Reading<readonly string[]> }) => all;',
  ])('refuses %s', async (statement) => {
    expect(await refused(statement)).toEqual(['hypernest/reading']);
  });

  it.each([
    'export const a = ifRead(list, 0, (all) => all.length);',
    'export const a = list === undefined ? 0 : list.length;',
    'export const a = read.length > 0 ? read[0] : undefined;',
    'export const a = host?.list;',
    // Neither a list that is always there or not, nor a field that happens to be called so.
    'export const a = plain ?? [];',
    'export const a = told?.other ?? 1;',
  ])('leaves %s', async (statement) => {
    expect(await refused(statement)).toEqual([]);
  });
});
