/** Each error that the facts know, pasted as a console of Windows PowerShell shows it in three languages. */
import { describe, expect, it } from 'vitest';
import type { ErrorRecord } from '../../../src/core/cmdlets/call.js';
import { cmdlets, type CmdletName } from '../../../src/core/cmdlets/catalog.js';
import { failureOf } from '../../../src/core/cmdlets/failure.js';
import errorFacts from '../../../simulator/facts/errors.json' with { type: 'json' };
import { causesOf, titleOfFailure } from '../../../src/core/errors/failures.js';
import { recognise } from '../../../src/core/errors/recognize.js';

type Fact = (typeof errorFacts.errors)[number];

/** What is around an error in that language; in any but English Windows' own sentence is another, too. */
const frames = {
  en: { at: 'At line:1 char:1', sentence: undefined },
  de: { at: 'In Zeile:1 Zeichen:1', sentence: 'Fehler beim Ausführen des Befehls.' },
  'zh-CN': { at: '所在位置 行:1 字符: 1', sentence: '命令执行失败。' },
} as const;
type Language = keyof typeof frames;

/** The columns of the facts hold notes and placeholders. */
function fill(text: string | null): string {
  if (text === null || /^(?:unknown|as psd)/.test(text)) return '';
  return text
    .replace(/ \((?:inferred|Invoke).*$/, '')
    .replace(/ \| .*$/, '')
    .replace(/<(\w+)[^>]*>/g, '$1')
    .replace(/\{(?:vm|name|host)\}/g, 'dev-box')
    .replace('{property}', 'Name')
    .replace('{cmdlet}', 'Get-NetNat')
    .replace(/\{\w+\}/g, '1');
}

const cmdletOf = (operation: string): string => operation.split(/[ /]/)[0] ?? '';

function consoleOf({ operation, message, category, fullyQualifiedErrorId }: Fact, language: Language): string {
  const { at, sentence } = frames[language];
  const cmdlet = cmdletOf(operation);
  const lines = [`${cmdlet} : ${sentence ?? fill(message)}`, at, `+ ${cmdlet} dev-box`, '+ ~~~~~~'];
  if (fill(category) !== '') lines.push(`    + CategoryInfo          : ${fill(category)}`);
  if (fill(fullyQualifiedErrorId) !== '') lines.push(`    + FullyQualifiedErrorId : ${fill(fullyQualifiedErrorId)}`);
  return lines.join('\n');
}

const known = (fact: Fact, language: Language): readonly string[] =>
  recognise(consoleOf(fact, language)).map(({ topic }) => topic.id);

/** Left unknown on purpose. */
const unknown: Readonly<Record<string, string>> = {
  'vm-wildcard-none': 'Windows writes nothing',
  'switch-duplicate': 'Windows writes nothing',
  'nat-one': 'Windows writes nothing',
  'set-memory-nested-running': 'what Windows writes is not known',
  'state-same': 'a warning, nothing is wrong',
  'start-paused': 'a warning that names its own remedy',
  'update-version-max': 'a warning, nothing is wrong',
  'remove-vm-prompt': 'a question',
  'update-version-confirm': 'a question',
  'gen1-firmware': 'it names its own remedy',
  'state-change-failed': 'no source says what 32788 means',
};

/** Windows gives no id of their own: what tells them is a sentence, and of other languages none is kept. */
const byEnglishAlone = [
  'access-denied', 'platform-not-installed', 'platform-wrong-class', 'vmms-stopped-task', 'rpc-unavailable', 'elevation-dism',
  'dism-ps7', 'set-processor-threads', 'start-nested-unsupported', 'memory-gpu', 'start-no-resources', 'start-no-hypervisor',
  'stop-no-shutdown-ic', 'switch-ambiguous', 'switch-external-noadapter', 'switch-lbfo', 'switch-default-readonly',
  'psd-user-empty', 'psd-socket-ended', 'psd-negotiation', 'psd-vmstate-cast',
]; // prettier-ignore

describe('each error of the facts, in a console', () => {
  it('is in no list twice, and each list names facts', () => {
    const ids = new Set(errorFacts.errors.map(({ id }) => id));
    const listed = [...Object.keys(unknown), ...byEnglishAlone];
    expect(errorFacts.errors.length).toBeGreaterThanOrEqual(77);
    expect(new Set(listed).size).toBe(listed.length);
    for (const id of listed) expect(ids, id).toContain(id);
  });

  it.each(errorFacts.errors.map((fact) => [fact.id, fact] as const))('%s', (id, fact) => {
    const english = known(fact, 'en');
    expect(english.length > 0, 'in English').toBe(!(id in unknown));
    for (const language of ['de', 'zh-CN'] as const) {
      const here = known(fact, language);
      expect(here.length > 0, language).toBe(!(id in unknown) && !byEnglishAlone.includes(id));
      // The same cause, or one of several.
      if (here.length > 0) expect(here, language).toContain(english[0]);
    }
  });
});

const cmdletNames = Object.keys(cmdlets).filter((name): name is CmdletName => name in cmdlets);

/** As the bridge reads it. */
function recordOf(fact: Fact): ErrorRecord {
  const category = fill(fact.category);
  return {
    id: fill(fact.fullyQualifiedErrorId),
    category: category.split(':')[0] ?? '',
    target: /\(([^:)]+):/.exec(category)?.[1] ?? null,
    exception: fact.exception ?? '',
    hresult: null,
    message: fill(fact.message),
  };
}

describe('met by a run, a reading or the journal', () => {
  it.each(errorFacts.errors.map((fact) => [fact.id, fact] as const))(
    '%s: the same causes, in the same words',
    (id, fact) => {
      const failure = failureOf(
        recordOf(fact),
        cmdletNames.find((name) => name.startsWith(cmdletOf(fact.operation))),
      );
      const causes = causesOf(failure);
      const [pasted] = recognise(consoleOf(fact, 'en'));
      expect(causes[0]?.topic.id).toBe(pasted?.topic.id);
      if (pasted?.sure === 'certain') expect(titleOfFailure(failure)).toEqual(pasted.topic.cause);
      expect(causes.length > 0).toBe(!(id in unknown));
    },
  );
});
