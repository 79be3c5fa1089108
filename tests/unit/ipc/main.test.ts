import { vmIn, thisPc } from '../../../src/core/cmdlets/ref.js';
import { describe, expect, test, vi } from 'vitest';
import { answer, isTrusted, type Handlers, type Refused, type Sender } from '../../../src/ipc/main.js';
import { calls } from '../../../src/ipc/schema.js';

const origin = 'app://hypernest';
const ours: Sender = { url: 'app://hypernest/index.html', isTopFrame: true, isOwnWindow: true };
const id = '0b1c2d3e-0000-4000-8000-000000000001';
const vm = vmIn(thisPc, id);

function world(handler: (request: unknown) => unknown = () => undefined) {
  const refused: Refused[] = [];
  const handled = vi.fn(handler);
  const handlers = Object.fromEntries(Object.keys(calls).map((name) => [name, handled])) as unknown as Handlers;
  return {
    refused,
    handled,
    ask: (name: unknown, request?: unknown, sender: Sender = ours) =>
      answer(handlers, origin, sender, { name, request }, (what) => refused.push(what)),
  };
}

test('our own window is heard', async () => {
  const { ask, handled } = world(() => ({ ok: true }));
  expect(await ask('connect', { vm })).toEqual({ ok: true, reply: { ok: true } });
  expect(handled).toHaveBeenCalledWith({ vm }, thisPc);
});

describe('a stranger is not heard', () => {
  test.each([
    ['another site in our window', { ...ours, url: 'https://example.org/index.html' }],
    ['another host of our scheme', { ...ours, url: 'app://other/index.html' }],
    ['a host that begins like ours', { ...ours, url: 'app://hypernest.example.org/' }],
    ['a file', { ...ours, url: 'file:///app://hypernest/' }],
    ['an address with our origin as user name', { ...ours, url: 'https://app:hypernest@example.org/' }],
    ['a frame that is gone', { ...ours, url: '' }],
    ['a frame in our page', { ...ours, isTopFrame: false }],
    ['contents that are not our window', { ...ours, isOwnWindow: false }],
  ] satisfies [string, Sender][])('%s', async (_name, sender) => {
    expect(isTrusted(sender, origin)).toBe(false);
    const { ask, handled, refused } = world();
    expect(await ask('connect', { vm }, sender)).toEqual({ ok: false, error: 'foreign-sender' });
    expect(handled).not.toHaveBeenCalled();
    expect(refused).toEqual([{ why: 'foreign-sender', call: 'connect' }]);
  });
});

describe('a message of the wrong name or shape reaches no handler', () => {
  test.each([
    ['an unknown name', 'format', undefined, 'unknown-call'],
    ['a name every object has', 'constructor', undefined, 'unknown-call'],
    ['__proto__', '__proto__', undefined, 'unknown-call'],
    ['no text', { toString: 1 }, undefined, 'unknown-call'],
    ['a request where none belongs', 'state', { all: true }, 'bad-request'],
    ['no request', 'connect', undefined, 'bad-request'],
    ['a VM by its bare id', 'connect', { vm: id }, 'bad-request'],
    ['a VM in a VM, which has no window', 'connect', { vm: vmIn(vm, id) }, 'bad-request'],
    ['a VM by name', 'connect', { vm: 'dev; calc.exe' }, 'bad-request'],
    ['a program', 'act', { act: 'calc.exe' }, 'bad-request'],
    ['a cmdlet', 'plan', { goal: { kind: 'call', cmdlet: 'Remove-VM' } }, 'bad-request'],
    [
      'a want that no goal knows',
      'plan',
      { goal: { kind: 'vms', wants: [{ vm, want: { script: 'calc' } }], consents: [] } },
      'bad-request',
    ],
    ['a setting of another type', 'settings', { theme: 'purple' }, 'bad-request'],
    ['a setting that does not exist', 'settings', { shell: 'cmd' }, 'bad-request'],
    ['an id with a path in it', 'cancel', { run: '../../x' }, 'bad-request'],
  ])('%s', async (_name, name, request, error) => {
    const { ask, handled, refused } = world();
    expect(await ask(name, request)).toEqual({ ok: false, error });
    expect(handled).not.toHaveBeenCalled();
    expect(refused).toHaveLength(1);
  });
});

test('what a stranger has written does not get into the log', async () => {
  const { ask, refused } = world();
  await ask('line\nbreak secret', undefined, { ...ours, isTopFrame: false });
  await ask('connect', { vm: 'secret' });
  expect(JSON.stringify(refused)).not.toContain('secret');
  expect(refused.at(-1)).toEqual({ why: 'bad-request', call: 'connect', fields: ['vm'] });
});

test('a handler that throws gives a code; its message stays here', async () => {
  const { ask, refused } = world(() => {
    throw new Error('C:\\Users\\mei\\secret');
  });
  expect(await ask('refresh')).toEqual({ ok: false, error: 'failed' });
  expect(refused[0]?.error).toBeInstanceOf(Error);
});
