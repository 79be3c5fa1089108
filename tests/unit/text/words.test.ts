/** docs/words.md as far as a test can tell it: a text that breaks a rule fails here, with its key. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { scenarioNames } from '../../../simulator/scenarios/scenarios.js';
import { scenarioName } from '../../../renderer/state/scenarios.js';
import { en } from '../../../src/text/en.js';
import type { Entry } from '../../../src/text/entry.js';
import { translator } from '../../../src/text/index.js';
import { zhCN } from '../../../src/text/zh-CN.js';

const root = new URL('../../../', import.meta.url);
const dictionaries = { en, 'zh-CN': zhCN } as const satisfies Record<string, Readonly<Record<string, Entry>>>;
type Language = keyof typeof dictionaries;
const languages = ['en', 'zh-CN'] as const;

const formsOf = (entry: Entry): readonly string[] => (typeof entry === 'string' ? [entry] : Object.values(entry));
type Texts = readonly (readonly [key: string, text: string])[];
/** The installer's own, which NSIS takes from its script. */
const installer = readFileSync(new URL('assets/installer.nsh', root), 'utf8');
const installerTexts = (language: Language): Texts =>
  [...installer.matchAll(/LangString (\w+) \$\{LANG_(\w+)\} "(.*)"/g)]
    .filter(([, , of]) => of === { en: 'ENGLISH', 'zh-CN': 'SIMPCHINESE' }[language])
    .map(([, key = '', , text = '']) => [`installer.${key}`, text.replaceAll('$\\r$\\n', '\n')]);
const textsOf = (language: Language): Texts => [
  ...Object.entries<Entry>(dictionaries[language]).flatMap(([key, entry]) =>
    formsOf(entry).map((text) => [key, text] as const),
  ),
  ...installerTexts(language),
];
/** Without values, and without the names that Windows and our pages have. */
const names =
  /NT VIRTUAL MACHINE\\[\w -]+|Virtual Machine(?: \w+|…)|Turn Windows features on or off|Windows 虚拟机监控程序平台|\{[^}]*\}|“(?:新建|打开)[^”]*”/g;
const bare = (text: string): string => text.replace(names, '{}');

/** What the word is instead, by what must not be said; and the texts that may. */
const forbidden: Record<Language, readonly (readonly [word: RegExp, instead: string, ...allowed: string[]])[]> = {
  en: [
    [/\bput(?:s|ting)?\b(?: \w+)? back\b/i, 'undo'],
    [/\bmachines?\b/i, 'VM'],
    [/\bmay\b/i, 'can, might'],
    [/\binside\b/i, 'in {name}, the guest'],
    [/\b(?:could|does|do|did|is|are|was|were|has|have|had|will|would|should) not\b|\bcannot\b/i, 'a contraction'],
    [/\b(?:we|us|our|ours)\b/i, 'Hypernest'],
    [/\b(?:nobody|somebody|someone|anybody)\b/i, 'who it is'],
    [/\bfroze|\bfreez/i, 'locked'],
    [/\bfixed\b/i, 'static', 'host.blockWhyMany', 'rights.fixed', 'rights.fixedAll', 'setup.pcLeadNever'],
    [/\bdrops? (?:the|its|a) (?:saved )?state\b/i, 'delete the saved state'],
    [/\bnetwork cards?\b/i, 'adapter'],
    [/(?<!administrator )\brights\b/i, 'permissions'],
    [/\b(?:grey|licence|cancelled|recognis\w+|colour|behaviour|any more)\b/i, 'American spelling'],
    [/\bread (?:back|again)\b/i, 'verified, updated', 'setup.restart3Why'],
    [/\bin the way\b/i, 'a problem to fix first'],
    [/\bnothing stops\b/i, 'no downtime'],
    [/^Whether\b/, 'Can’t tell whether …'],
    [/\bTurn (?!it\b|them\b|this\b)[\w-]+(?: \w+)? (?:on|off)\b/, 'Turn on …'],
    [/\b(?:hands?|handed) (?:out|on)\b/i, 'assigns, exposes'],
    [/\bsender\b/i, 'source MAC address'],
    [/\ba run\b|\bthis run\b|\bof a run\b/i, 'a change'],
    [/\b[Ii]ds?\b(?<!I[Dd]s?)/, 'ID'],
    [/\bActivity\b/, 'History'],
  ],
  'zh-CN': [
    [/本机|这台电脑/, '此电脑'],
    [/账户|帐号|账号/, '帐户'],
    [/网卡/, '适配器'],
    [/还原|恢复原样|撤销/, '撤消'],
    [/开启/, '启用'],
    [/打开(?:嵌套|动态|自动|功能|此?功能|该功能|Hyper)/, '启用'],
    [/(?<!监控程序)(?<!监控)管理程序/, '虚拟机监控程序'],
    [/标识(?!符)/, 'ID'],
    [/我们/, 'Hypernest'],
    [/不知道/, '无法确定'],
    [
      /里面|内部(?!版本)/,
      '来宾系统',
      'advice.internal',
      'inside.switchInternal',
      'network.uplinkInternal',
      'network.pathInternal',
      'network.madeSwitchWhy',
    ],
    [/带回/, '恢复旧设置'],
    [/丢弃(?:该|已?保存)/, '删除'],
    [/默认交换机/, 'Default Switch'],
    [/一次执行|此次执行/, '更改'],
    [/(?<!强行)关闭 \{/, '将 … 关机'],
    [/(?:已保存的?状态)/, '保存的状态'],
    [/恢复(?:运行|\{\})/, '继续'],
    [/[！]|[呢吧哦]/, '。'],
  ],
};

describe.each(languages)('the words of %s', (language) => {
  it.each(forbidden[language].map(([word, instead, ...allowed]) => [word.source, word, instead, allowed] as const))(
    'know no %s',
    (_, word, instead, allowed) => {
      const wrong = textsOf(language).filter(([key, text]) => !allowed.includes(key) && word.test(bare(text)));
      expect(wrong, `say: ${instead}`).toEqual([]);
      // An exception for nobody hides the next mistake.
      const dictionary: Readonly<Record<string, Entry>> = dictionaries[language];
      const needless = allowed.filter((key) => !formsOf(dictionary[key] ?? '').some((text) => word.test(bare(text))));
      expect(needless).toEqual([]);
    },
  );
});

it('has each text of the installer in both languages', () => {
  const keys = languages.map((language) => installerTexts(language).map(([key]) => key));
  expect(keys[0]).toHaveLength(5);
  expect(keys[1]).toEqual(keys[0]);
});

it('has one space between Chinese and Latin, and none beside a full-width mark', () => {
  const wrong = textsOf('zh-CN').filter(
    ([, text]) =>
      /\p{sc=Han}[A-Za-z0-9]|[A-Za-z0-9]\p{sc=Han}/u.test(text.replace(/\{[^}]*\}/g, '')) ||
      /[，。：；？！（）] | [，。：；？！）]/u.test(bare(text)),
  );
  expect(wrong).toEqual([]);
});

it('begins each consent with what is understood', () => {
  for (const language of languages)
    for (const [key, text] of textsOf(language).filter(([name]) => /\.consent\w+Know$/.test(name)))
      expect(text, key).toMatch(language === 'en' ? /^I understand that / : /^我了解：/);
});

/** The markup of the window, by file. */
const components = readdirSync(new URL('renderer/', root), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.svelte'))
  .map((file) => ({
    file,
    markup: readFileSync(new URL(`renderer/${file}`, root), 'utf8').replace(/<script[^]*?<\/script>/g, ''),
  }));

/** What a button says last is its label: `{t('…')}</Button>`, with all that it may say there. */
const labelsIn = (markup: string): readonly string[] =>
  [...markup.matchAll(/\{([^{}<]*(?:\{[^{}]*\}[^{}<]*)*)\}\s*<\/[Bb]utton\s*>/g)].flatMap(([, said = '']) =>
    [...said.matchAll(/\bt\(\s*'([^']+)'/g)].map(([, key = '']) => key),
  );
const labels = new Set(components.flatMap(({ markup }) => labelsIn(markup)));

const menuEntries =
  /^tray\.(?:nesting|nestingUnknown|spoofing|spoofingTurnOn|spoofingTurnOff|spoofingSome|undoLast|start|resume|shutDown|connect|openVm|allMachines|more|allow|driftOpen|open|settings|quit|thisPc|undo)$/;
const statuses =
  /^tray\.(?:ready|empty|working|workingMany|leaving|starting|cutShort|failing|drifted|driftedMany|noAccess|ended|signOut|noHyperV|blocked|stopped|lost)$/;
/** Titles of questions and of the window of a crash are no toasts. */
const toastTitles = /^tray\.(?!crash|quit|notStarted|page|loses|save)\w+Title$/;

const places = /^app\.page(?:Machines|Host|Activity|Errors|Learn|Settings)$/;

/** Longest by kind of control: letters in English, 汉字 in Chinese, where a Latin letter is half of one. */
interface Kind {
  readonly kind: string;
  readonly is: (key: string) => boolean;
  readonly en: number;
  readonly zh: number;
  readonly allowed?: readonly string[];
}
const kinds: readonly Kind[] = [
  // The button says whose settings: “again” alone would be read as undo.
  { kind: 'button', is: (key) => labels.has(key), en: 24, zh: 8, allowed: ['machines.driftAgain'] },
  { kind: 'place in the rail', is: (key) => places.test(key), en: 11, zh: 4 },
  { kind: 'badge', is: (key) => /^(?:machines|setup)\.badge(?!\w*Long$)/.test(key), en: 16, zh: 6 },
  { kind: 'menu entry', is: (key) => menuEntries.test(key), en: 32, zh: 12 },
  { kind: 'status in the tray', is: (key) => statuses.test(key), en: 60, zh: 60 },
  { kind: 'title of a toast', is: (key) => toastTitles.test(key), en: 45, zh: 18 },
  { kind: 'body of a toast', is: (key) => /^tray\.\w+Body$/.test(key), en: 90, zh: 36 },
];
function lengthOf(language: Language, text: string): number {
  const letters = text.replace(/\{[^}]*\}|[…“”]/g, '').trim();
  if (language === 'en') return letters.length;
  const wide = letters.match(/[\p{sc=Han}，。：；？（）]/gu)?.length ?? 0;
  return wide + (letters.replace(/\s/g, '').length - wide) / 2;
}

describe.each(kinds)('a $kind', ({ is, allowed = [], ...longest }) => {
  it.each(languages)('is short in %s', (language) => {
    const own = textsOf(language).filter(([key]) => is(key));
    expect(own.length).toBeGreaterThan(3);
    const most = language === 'en' ? longest.en : longest.zh;
    expect(own.filter(([key, text]) => !allowed.includes(key) && lengthOf(language, text) > most)).toEqual([]);
  });
});

it('a button has no period, and is found where it is used', () => {
  expect(labels.size).toBeGreaterThan(80);
  for (const language of languages)
    for (const [key, text] of textsOf(language)) if (labels.has(key)) expect(text, key).not.toMatch(/[.。]$/);
});

it('two buttons of one component never have one name', () => {
  for (const { file, markup } of components)
    for (const language of languages) {
      const t: Readonly<Record<string, Entry>> = dictionaries[language];
      const said = [...new Set(labelsIn(markup))].flatMap((key) => [...new Set(formsOf(t[key] ?? ''))]);
      expect(said, file).toEqual([...new Set(said)]);
    }
});

it('the places of the rail have six names', () => {
  for (const language of languages) {
    const own = textsOf(language).filter(([key]) => places.test(key));
    expect(new Set(own.map(([, text]) => text)).size).toBe(6);
  }
});

it('certain and probable are never the same words', () => {
  for (const language of languages) {
    const t = translator(language);
    for (const [certain, probable] of [
      [t('machines.badgeInside'), t('machines.badgeProbably')],
      [t('machines.badgeInsideLong'), t('machines.badgeProbablyLong')],
      [t('machines.insideKicker'), t('machines.insideProbably')],
      [t('machines.onRunningNone'), t('machines.onRunningProbablyNone')],
      [t('inside.certain'), t('inside.probably')],
      [t('inside.certainlyNot'), t('inside.noHypervisor')],
      [t('checks.nestedNone'), t('checks.nestedNoneMeasured')],
    ] as const) {
      expect(certain).not.toBe(probable);
      expect(probable).toMatch(language === 'en' ? /probably/i : /可能/);
      expect(certain).not.toMatch(language === 'en' ? /probably/i : /可能/);
    }
  }
});

it('every simulated PC has a name in both languages', () => {
  for (const name of scenarioNames) {
    const english = scenarioName(translator('en'), name);
    const chinese = scenarioName(translator('zh-CN'), name);
    // Still written as in the code: nobody has named it.
    if (name !== name.toLowerCase() || name.includes('-')) expect(english, name).not.toBe(name);
    expect(chinese, name).toMatch(name === 'arm64' ? /ARM64/ : /\p{sc=Han}/u);
  }
});
