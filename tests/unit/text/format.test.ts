import { expect, test } from 'vitest';
import { formatValue, translator } from '../../../src/text/index.js';

const nb = '\u00a0';

test('sizes are given in the unit Windows uses, number and unit kept together', () => {
  expect(formatValue(2 ** 31, 'bytes', 'en')).toBe(`2${nb}GB`);
  expect(formatValue(2.5 * 2 ** 30, 'bytes', 'en')).toBe(`2.5${nb}GB`);
  expect(formatValue(512 * 2 ** 20, 'bytes', 'zh-CN')).toBe(`512${nb}MB`);
});

test.each([
  [0, `0${nb}s`],
  [59, `59${nb}s`],
  [60, `1${nb}min`],
  [81, `1${nb}min 21${nb}s`],
  [2400, `40${nb}min`],
  [7300, `2${nb}h`],
  [11 * 86400, `11${nb}d`],
])('%d seconds read as %s', (seconds, text) => {
  expect(formatValue(seconds, 'duration', 'en')).toBe(text);
});

test('a time is shown in the time zone of the person, in 24 hours', () => {
  expect(formatValue('2026-11-24T13:04:00Z', 'time', 'en', 'Asia/Shanghai')).toBe('21:04');
  expect(formatValue('2026-11-24T16:05:00Z', 'time', 'en', 'Asia/Shanghai')).toBe('00:05');
});

test('one VM is not "1 VMs", by the rules of the language', () => {
  const t = translator('en');
  expect(t('app.machines', { count: 1 })).toBe('1 VM');
  expect(t('app.machines', { count: 8 })).toBe('8 VMs');
  expect(translator('zh-CN')('app.machines', { count: 8 })).toBe('8 台虚拟机');
});

test('an age below five seconds is just now: the number says nothing then', () => {
  expect([0, 4.9, 5].map((age) => formatValue(age, 'age', 'en'))).toEqual(['just now', 'just now', `5${nb}s ago`]);
  expect([0, 4.9, 5].map((age) => formatValue(age, 'age', 'zh-CN'))).toEqual(['刚刚', '刚刚', `5${nb}秒前`]);
});

test('a value is put in as it is, even when it looks like a placeholder', () => {
  expect(translator('en')('memory.noteOff', { name: '{age:age} $& $1' })).toContain('{age:age} $& $1');
  expect(translator('en').message({ key: 'app.readAgo', params: { age: 4 } })).toBe('updated just now');
});

test('Chinese keeps its space beside a name, and has none after a count that ends in Chinese', () => {
  const zh = translator('zh-CN');
  const title = (name: string): string => zh('wizard.titleNestingOn', { name });
  expect(title('dev-box')).toBe('为 dev-box 启用嵌套虚拟化');
  expect(title(zh('app.machines', { count: 3 }))).toBe('为 3 台虚拟机启用嵌套虚拟化');
});

test('Chinese quotes the name of a VM that could be taken for the words around it, and no other', () => {
  const zh = translator('zh-CN');
  const title = (name: string): string => zh('wizard.titleNestingOn', { name });
  expect(title('构建机')).toBe('为“构建机”启用嵌套虚拟化');
  expect(title('Lab DC 01')).toBe('为“Lab DC 01”启用嵌套虚拟化');
  expect(title('')).toBe('为“ ”启用嵌套虚拟化');
  expect(zh('errors.nestingIsOff', { vm: '构建机' })).toBe('“构建机”未启用嵌套。');
  expect(zh('errors.nestingIsOff', { vm: 'lab' })).toBe('lab 未启用嵌套。');
  // Quoted by the text itself.
  expect(zh('plan.makeSwitch', { name: '内部 1' })).toBe('创建交换机“内部 1”');
  expect(translator('en')('wizard.titleNestingOn', { name: '构建机' })).not.toContain('“');
});

test.each(['en', 'zh-CN'] as const)('a number in %s is written as Intl writes it', (language) => {
  const numbers = [-1000, -999, -0.5, -0, 0, 0.04, 0.05, 1, 7, 99.95, 999, 999.96, 1000, 12_345.6];
  const expected = numbers.map((n) => new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(n));
  expect(numbers.map((n) => formatValue(n, 'number', language))).toEqual(expected);
});

test('what is said of this PC is said of the host that is spoken of by its name, whatever it is called', () => {
  const of = (language: 'en' | 'zh-CN', host?: string | null) =>
    translator(language, { host })('ports.listening', { protocol: 'TCP', port: '80' });
  const begin = (language: 'en' | 'zh-CN', host?: string) => translator(language, { host })('create.switchOther');
  expect([of('en'), of('en', 'hv-2')]).toEqual(['A program on this PC uses TCP 80.', 'A program on hv-2 uses TCP 80.']);
  expect(of('en', null)).toBe('A program on the PC uses TCP 80.');
  expect([begin('en'), begin('en', 'hv-2')]).toEqual(['This PC has no Default Switch.', 'hv-2 has no Default Switch.']);
  expect(begin('zh-CN')).toContain('此电脑');
  expect(begin('zh-CN', 'hv-2')).toMatch(/^hv-2 \p{sc=Han}/u);
  expect(begin('zh-CN', '机房')).toMatch(/^机房\p{sc=Han}/u);
  expect(begin('en', '{here} $& \u202e')).toBe('{here} $& ⟨U+202E⟩ has no Default Switch.');
});
