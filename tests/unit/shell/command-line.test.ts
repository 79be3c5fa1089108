import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { headOf, startOf, wordsFor, wordsOf } from '../../../src/shell/command-line.js';
import { foreignSwitches } from '../../../src/shell/switches.js';

const start = (...words: readonly string[]) => startOf(words, true);
const command = (...words: readonly string[]) => {
  const started = start(...words);
  return started.kind === 'command' ? started.command : started;
};
const why = (...words: readonly string[]) => {
  const started = start(...words);
  return started.kind === 'wrong' ? started.why : started;
};

describe('the words of the app', () => {
  test('are all behind the program of the installed app', () => {
    expect(wordsOf(['Hypernest.exe', '--list', 'x'], true)).toEqual(['--list', 'x']);
  });
  test('stand behind the folder of one that is not packaged, whatever Electron was given before', () => {
    expect(wordsOf(['electron', '--inspect=0', '-r', 'hook.cjs', '.', '--check', 'dev'], false)).toEqual([
      '--check',
      'dev',
    ]);
    expect(wordsOf(['electron', '--version'], false)).toEqual([]);
  });
});

describe('a command', () => {
  test('is read with what belongs to it', () => {
    expect(start('--list', '--json')).toEqual({ kind: 'command', command: { kind: 'list' }, isJson: true });
    expect(command('--check')).toEqual({ kind: 'check' });
    expect(command('--check', 'dev box')).toEqual({ kind: 'check', vm: 'dev box' });
    expect(command('--plan', 'a', 'b')).toEqual({ kind: 'plan', vms: ['a', 'b'], want: { nesting: true } });
    expect(command('a', '--plan', '--spoofing=on', '--nesting', 'off')).toEqual({
      kind: 'plan',
      vms: ['a'],
      want: { nesting: false, spoofing: true },
    });
    expect(command('--plan', 'a', '--apply')).toEqual({ kind: 'apply', vms: ['a'], want: { nesting: true } });
    expect(command('--undo')).toEqual({ kind: 'undo' });
    expect(command('--undo', 'r-1')).toEqual({ kind: 'undo', run: 'r-1' });
    for (const kind of ['help', 'version', 'end'] as const) expect(command(`--${kind}`)).toEqual({ kind });
  });
  test('takes a name that looks like a switch behind --', () => {
    expect(command('--check', '--', '--end')).toEqual({ kind: 'check', vm: '--end' });
    expect(command('--plan', '--', '/a', '-b')).toMatchObject({ vms: ['/a', '-b'] });
  });
  test('that is wrong is said with what is wrong', () => {
    expect(why('--json')).toMatchObject({ key: 'command.wrongNone' });
    expect(why('--list', '--check')).toMatchObject({ params: { one: '--list', other: '--check' } });
    expect(why('--list', '--lst')).toEqual({ key: 'command.wrongOption', params: { option: '--lst' } });
    expect(why('--list', '-v')).toEqual({ key: 'command.wrongOption', params: { option: '-v' } });
    expect(why('--list', '--hidden')).toMatchObject({ key: 'command.wrongOption' });
    expect(why('--list', '--list')).toMatchObject({ key: 'command.wrongTwice' });
    expect(why('--list=x')).toMatchObject({ key: 'command.wrongValue' });
    expect(why('--list', 'dev')).toEqual({ key: 'command.wrongWord', params: { word: 'dev' } });
    expect(why('--check', 'a', 'b')).toEqual({ key: 'command.wrongWord', params: { word: 'b' } });
    expect(why('--plan')).toMatchObject({ key: 'command.wrongNoVm' });
    expect(why('--plan', 'a', '--nesting=maybe')).toMatchObject({ params: { option: '--nesting', value: 'maybe' } });
    expect(why('--plan', 'a', '--nesting=')).toMatchObject({ key: 'command.wrongNoValue' });
    expect(why('--list', '--apply')).toMatchObject({ key: 'command.wrongWithout' });
    expect(why('--plan', ...Array.from({ length: 101 }, String))).toMatchObject({ key: 'command.wrongMany' });
    expect(why('--check', 'n'.repeat(201))).toMatchObject({ key: 'command.wrongWord' });
    expect(start('--lst', '--json')).toMatchObject({ kind: 'wrong', isJson: true });
  });
  test('of tests is one in an app that is not packaged only', () => {
    const words = ['--list', '--scenario=empty', '--user-data-dir=/tmp/x', '--disable-gpu'];
    expect(startOf(words, false)).toMatchObject({ kind: 'command', command: { kind: 'list' } });
    expect(startOf(words, true)).toMatchObject({ kind: 'wrong' });
  });
  test('of any words is read or refused, and never thrown about', () => {
    const word = fc.oneof(
      fc.constantFrom(
        '--list',
        '--check',
        '--plan',
        '--undo',
        '--end',
        '--json',
        '--apply',
        '--',
        '--nesting',
        '-',
        '',
      ),
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.string().map((text) => `--${text}`),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), fc.boolean(), (words, isPackaged) => {
        expect(['app', 'link', 'command', 'review', 'wrong']).toContain(startOf(words, isPackaged).kind);
      }),
    );
  });
});

describe('a review that a command asks for', () => {
  const answer = '9f0d6f6c-9a7c-4a53-9d9a-0e6a1d3c7b11';
  test('names who hears the answer', () => {
    expect(start(`--answer=${answer}`, '--plan', 'a', '--apply')).toEqual({
      kind: 'review',
      review: { kind: 'apply', vms: ['a'], want: { nesting: true } },
      answer,
    });
    expect(start('--undo', `--answer=${answer}`)).toMatchObject({ kind: 'review', review: { kind: 'undo' } });
  });
  test('is what the app is started with for it, whatever its VMs are called', () => {
    const name = fc.oneof(
      fc.constantFrom('-a', '--end', '--', 'hypernest://x', '/b', 'a:b'),
      fc.string({ maxLength: 30 }),
    );
    const bool = fc.boolean();
    const review = fc.oneof(
      fc.record({ kind: fc.constant('undo' as const) }),
      fc.record({ kind: fc.constant('undo' as const), run: name }),
      fc.record({
        kind: fc.constant('apply' as const),
        vms: fc.array(name, { minLength: 1, maxLength: 4 }),
        want: fc.oneof(
          fc.record({ nesting: bool }),
          fc.record({ spoofing: bool }),
          fc.record({ nesting: bool, spoofing: bool }),
        ),
      }),
    );
    fc.assert(
      fc.property(review, fc.boolean(), (wanted, isPackaged) => {
        expect(startOf(wordsFor(wanted, answer), isPackaged)).toEqual({ kind: 'review', review: wanted, answer });
      }),
    );
  });
  test('goes to an app that is not packaged with its folder and the switches of tests', () => {
    const argv = ['electron', '-r', 'hook.cjs', '.', '--scenario=empty', '--undo', '--sim-speed=40', 'r'];
    expect(headOf(argv, false)).toEqual(['-r', 'hook.cjs', '.', '--scenario=empty', '--sim-speed=40']);
    expect(headOf(['Hypernest.exe', '--undo'], true)).toEqual([]);
  });
  test('is nothing that a reading has', () => {
    expect(why(`--answer=${answer}`, '--list')).toMatchObject({ key: 'command.wrongOption' });
    expect(why(`--answer=${answer}`, '--plan', 'a')).toMatchObject({ key: 'command.wrongOption' });
  });
});

describe('a switch that is not the app’s own', () => {
  const foreign = (...words: readonly string[]) => foreignSwitches(['app', ...words], 'win32');
  // What Chromium takes away before it looks, of an older Unicode too.
  const blanks = '\t\n\v\f\r \u0085\u00a0\u1680\u180e\u2000\u200a\u2028\u2029\u202f\u205f\u3000\ufeff'.split('');
  test.each(blanks)('is one behind the blank %j too', (blank) => {
    expect(foreign(`${blank}--remote-debugging-port=9222`)).toEqual(['--remote-debugging-port']);
    expect(foreign(`${blank}${blank}-inspect`, `${blank}/inspect`)).toEqual(['-inspect', '/inspect']);
  });
  test('is one of the app’s own behind a blank, which we don’t read as such, and stays one behind a -- that is none', () => {
    expect(foreign(' --hidden', ' --list')).toEqual(['--hidden', '--list']);
    expect(foreign(' --', '--inspect')).toEqual(['--', '--inspect']);
  });
  test('is no name behind --, nor one with a blank and no dash', () => {
    expect(foreign('--check', '--', ' --inspect')).toEqual([]);
    expect(foreign('--check', ' dev box')).toEqual([]);
    expect(foreign(' ', ' -')).toEqual([]);
  });
});

describe('a link', () => {
  const link = 'hypernest://check';
  test('is one alone', () => {
    expect(start(link)).toEqual({ kind: 'link', text: link });
    expect(startOf(['--scenario=empty', link], false)).toEqual({ kind: 'link', text: link });
  });
  test('beside another, or beside any word, is nothing that is understood', () => {
    expect(start(link, link)).toEqual({ kind: 'link', text: '' });
    expect(start(link, 'x')).toEqual({ kind: 'link', text: '' });
    expect(start(link, '--hidden')).toEqual({ kind: 'link', text: '' });
    expect(start(link, '--', '--end')).toEqual({ kind: 'link', text: '' });
  });
  test('never comes with a command: whoever wrote it wrote that too', () => {
    for (const words of [['--end'], ['--undo'], ['--plan', 'a', '--apply']])
      expect(start(link, ...words)).toMatchObject({ kind: 'wrong', why: { key: 'command.wrongWord' } });
  });
  test('and its own start are no switches that are refused; others stay so', () => {
    expect(foreignSwitches(['app', link], 'win32')).toEqual([]);
    expect(foreignSwitches(['app', '--plan', 'a', '--nesting=off', '--json'], 'win32')).toEqual([]);
    expect(foreignSwitches(['app', link, '--gpu-launcher=calc'], 'win32')).toEqual(['--gpu-launcher']);
  });
});

test('without any of them the window is meant', () => {
  expect(start()).toEqual({ kind: 'app' });
  expect(start('--hidden')).toEqual({ kind: 'app' });
  expect(startOf(['--scenario=workstation'], false)).toEqual({ kind: 'app' });
});
