/** A guest that lies, floods or is broken, on the real engine: it costs its own answer, and nothing else. */
import { vmIn, thisPc, type MachineRef } from '../../src/core/cmdlets/ref.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { GuestLie } from '../../simulator/world.js';
import type { HostCall } from '../../src/core/cmdlets/call.js';
import { guests } from './guests.js';
import { hasPowerShell } from './runtime.js';
import { behindEngine, guidOf, type Behind } from './world.js';

const open: Behind[] = [];
afterEach(() => Promise.all(open.splice(0).map((one) => one.close())));

async function entered() {
  const made = guests();
  const behind = await behindEngine(made.simulator, { credentials: made.credentials });
  open.push(behind);
  const { l1, l2 } = made;
  return { ...made, behind, session: behind.session, at1: vmIn(thisPc, l1.id), at2: vmIn(vmIn(thisPc, l1.id), l2.id) };
}

const system = (at: MachineRef) => ({ cmdlet: 'Get-CimInstance/Win32_ComputerSystem', params: {}, at }) as const;
const list = { cmdlet: 'Get-VM', params: {}, at: thisPc } as const;
const says = (...texts: readonly string[]): GuestLie => ({
  instead: 'answers',
  objects: texts.map((text) => ({ text })),
});
const clixml = (xml: string): GuestLie => ({
  instead: 'answers',
  objects: [
    { clixml: `<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">${xml}</Objs>` },
  ],
});
const honest = JSON.stringify({ ok: true, results: [{ rows: [['LIAR', 'x', 'x', true, '1']], errors: [] }] });
const named = (name: string) => ({ rows: [expect.objectContaining({ Name: name }) as unknown] });
const wrong = { failed: { kind: 'guest-answers-wrongly' } };

describe.skipIf(!(await hasPowerShell()))('a guest', () => {
  it('never answers for this PC, for another machine, or for another call', async () => {
    const { session, simulator, behind, l1, at1, at2 } = await entered();
    await session.call([system(at1)]);
    await session.call([system(at2)]);
    const vm = guidOf(simulator, 'dev-box');
    // It hangs, so that its id waits to be answered by whoever can.
    simulator.fault({ cmdlet: 'Set-VMProcessor', effect: { kind: 'hang' }, vm });
    const asked = simulator.once((event) => event.kind === 'call' && event.request.cmdlet === 'Set-VMProcessor');
    const stop = new AbortController();
    const change: HostCall = {
      cmdlet: 'Set-VMProcessor',
      params: { ExposeVirtualizationExtensions: true },
      at: thisPc,
      on: { vm },
    };
    const hanging = session.call([change], stop.signal);
    await asked;
    const forged = Array.from(
      { length: 200 },
      (_, id) => `{"id":${String(id)},"ok":true,"results":[{"rows":[["EVIL"]],"errors":[]}]}`,
    );
    const twice = forged.map((frame) => frame.slice(1, -1)).join(',');
    for (const said of [
      `${honest}\n${forged.join('\n')}`,
      forged.join('\n'),
      `${honest.slice(0, -1)},${twice}}`,
      `"}\n${forged.join('\n')}`,
      `\\"}\n${forged.join('\n')}\n{"x":"`,
      `\u2028${forged.join('\u2028')}\r${forged.join('\r')}`,
    ]) {
      l1.guest.lie = says(said);
      const [[guest], [pc]] = await Promise.all([session.call([system(at1)]), session.call([list])]);
      expect('rows' in pc && pc.rows.map(({ Name }) => Name)).toContain('dev-box');
      expect('rows' in guest ? guest : wrong).toMatchObject('rows' in guest ? { errors: [] } : wrong);
    }
    delete l1.guest.lie;
    stop.abort();
    // Answered by the bridge, which stopped it; nobody did before.
    expect(await hanging).toMatchObject([{ unknown: true, failure: { kind: 'cancelled' } }]);
    expect(await session.call([system(at2)])).toMatchObject([named('RUNNER-W')]);
    expect(behind.lost).toEqual([]);
  });

  const isWrong = 'that says %s is told as one that does not answer as it should, and answers again when it does';
  async function lies({ session, behind, l1, l2, at1, at2 }: Awaited<ReturnType<typeof entered>>, lie: GuestLie) {
    for (const [vm, at, name] of [
      [l1, at1, 'BUILD-01'],
      [l2, at2, 'RUNNER-W'],
    ] as const) {
      vm.guest.lie = lie;
      expect(await session.call([system(at)])).toMatchObject([wrong]);
      expect(await session.call([system(thisPc)])).toMatchObject([named('DEV-PC')]);
      delete vm.guest.lie;
      expect(await session.call([system(at)])).toMatchObject([named(name)]);
    }
    expect(behind.lost).toEqual([]);
  }

  describe('in one session', () => {
    let shared: Awaited<ReturnType<typeof entered>>;
    beforeAll(async () => {
      shared = await entered();
      // Closed with the last of these, not with each.
      open.splice(open.indexOf(shared.behind), 1);
    });
    afterAll(() => shared.behind.close());
    it.each<[string, GuestLie]>([
      ['nothing', { instead: 'answers', objects: [] }],
      ['an empty text', says('')],
      ['a word', says('x')],
      ['half of JSON', says('{')],
      ['null', clixml('<Nil />')],
      ['a number', clixml('<I32>7</I32>')],
      ['a list', clixml('<Obj RefId="0"><TN RefId="0"><T>System.Object[]</T></TN><LST><S>a</S><S>b</S></LST></Obj>')],
      [
        'an object that calls itself a text',
        clixml(
          `<Obj RefId="0"><TN RefId="0"><T>System.String</T></TN><ToString>${honest.replaceAll('"', '&quot;')}</ToString><MS><S N="Length">3</S></MS></Obj>`,
        ),
      ],
      ['two texts', says(honest, honest)],
      [
        'JSON that is 1,000 deep',
        says(`{"ok":true,"results":[{"rows":[[${'['.repeat(1000)}${']'.repeat(1000)}]],"errors":[]}]}`),
      ],
      [
        'a value that cannot be made a text',
        says('{"ok":true,"results":[{"rows":[["a",{"toString":1}]],"errors":[]}]}'),
      ],
      ['line ends and NUL', says('\n\r\n\u0000')],
      ['20 MB in one text', { instead: 'answers', objects: [{ text: 'x', times: 20_000_000 }] }],
      [
        '5 MB that calls itself short',
        clixml(`<Obj RefId="0"><S>${'x'.repeat(5_000_000)}</S><MS><I32 N="Length">1</I32></MS></Obj>`),
      ],
      ['texts without end', { instead: 'answers', objects: [{ text: 'x', times: 1000 }], copies: 2_000_000_000 }],
      ['3 MB of what JSON writes in six characters each', says(`{"x":"${'\u0001'.repeat(1_000_000)}"}`)],
    ])(isWrong, (_, lie) => lies(shared, lie));
  });

  it.each<[string, GuestLie]>([
    ['nothing when it is entered', { instead: 'entering', objects: [] }],
    ['a text when it is entered', { instead: 'entering', objects: [{ text: 'True' }] }],
    [
      'a number when it is entered',
      {
        instead: 'entering',
        objects: [
          {
            clixml:
              '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04"><I32>1</I32></Objs>',
          },
        ],
      },
    ],
    ['20 MB when it is entered', { instead: 'entering', objects: [{ text: 'x', times: 20_000_000 }] }],
  ])(isWrong, async (_, lie) => lies(await entered(), lie));

  it('chooses no more than a short text of an error, whatever it throws', async () => {
    const { session, l1, at1 } = await entered();
    const long = { text: 'x', times: 10_000_000 };
    for (const instead of ['answers', 'entering'] as const) {
      l1.guest.lie = { instead, objects: [], error: { id: long, message: long, target: long } };
      const [result] = await session.call([system(at1)]);
      const record = 'failed' in result ? result.failed.record : undefined;
      expect([record?.id.length, record?.target?.length, record?.message.length].map((length) => (length ?? Infinity) <= 2100)).toEqual([true, true, true]); // prettier-ignore
    }
    delete l1.guest.lie;
    expect(await session.call([system(at1)])).toMatchObject([named('BUILD-01')]);
  });

  it('that is refused or lies never gets a session taken for an administrator’s', async () => {
    const { session, l1, at1 } = await entered();
    l1.guest.lie = {
      instead: 'entering',
      objects: [],
      error: { id: { text: 'Bridge.NotAdministrator' }, message: { text: 'no' }, target: { text: '' } },
    };
    expect(await session.call([system(at1)])).toMatchObject([{ failed: { kind: 'not-administrator' } }]);
    delete l1.guest.lie;
    expect(await session.call([system(at1)])).toMatchObject([named('BUILD-01')]);
  });

  it('that lies about a change leaves it unknown', async () => {
    const { session, l1, at1 } = await entered();
    await session.call([system(at1)]);
    l1.guest.lie = says('{"ok":true}');
    const make: HostCall = { cmdlet: 'New-VMSwitch/Internal', params: { Name: 'x' }, at: at1 };
    expect(await session.call([make])).toMatchObject([{ unknown: true, failure: { kind: 'guest-answers-wrongly' } }]);
  });
});
