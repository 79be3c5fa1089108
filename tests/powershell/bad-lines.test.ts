/** What the bridge does with lines that are no request: whoever waits is answered, or sees its end. Nobody is left waiting. */
import { describe, expect, it } from 'vitest';
import { manualClock } from '../../simulator/clock.js';
import { createScenario } from '../../simulator/scenarios/scenarios.js';
import { bootstrapOf } from '../../src/powershell/bootstrap.js';
import { childTransport } from '../../src/powershell/transport.js';
import { hasPowerShell, shellFor } from './runtime.js';

describe.skipIf(!(await hasPowerShell()))('a line that is no request', () => {
  it.each([
    '#call x read 1 []',
    '#call 1 read',
    '#call',
    '#call 1e99 read 1000 []',
    '#call 5 read 0 []',
    '{"id":"x"}',
    '{"id":1e99}',
    '{"id":1,"lane":"read","calls":"[]"}',
    '{',
    '[1]',
    'null',
    '"x"',
    '#other',
    'Get-VM',
  ])('ends the shell with a last word: %s', async (line) => {
    const shell = await shellFor(createScenario('empty', { clock: manualClock() }), 'nobody');
    const transport = childTransport({ ...shell, bootstrap: bootstrapOf({ identity: '' }) });
    let said = '';
    transport.onSaid((last) => (said = last));
    await new Promise<void>((resolve) => transport.onLine((one) => one.startsWith('{"id":0') && resolve()));
    transport.write(line);
    expect(await transport.ended).toEqual({ by: 'exit', code: '72' });
    expect(said).not.toBe('');
  });

  it.each([
    ['a lane of no name', '#call 5 nowhere 1000 []', 'Bridge.BadLane'],
    [
      'a path that does not fit its lane',
      `{"id":5,"lane":"read","deadlineMs":1000,"at":["x"],"calls":"[]"}`,
      'Bridge.BadLane',
    ],
  ])('is answered when it has an id: %s', async (_, line, id) => {
    const shell = await shellFor(createScenario('empty', { clock: manualClock() }), 'nobody');
    const transport = childTransport({ ...shell, bootstrap: bootstrapOf({ identity: '' }) });
    const heard = new Promise<string>((resolve) =>
      transport.onLine((one) => one.startsWith('{"id":5') && resolve(one)),
    );
    transport.onLine((one) => {
      if (one.startsWith('{"id":0')) transport.write(line);
    });
    expect(JSON.parse(await heard)).toMatchObject({ id: 5, ok: false, error: { fqid: id } });
    transport.end();
    await transport.ended;
  });
});
