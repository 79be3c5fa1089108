import { randomUUID } from 'node:crypto';
import net from 'node:net';
import { expect, test } from 'vitest';
import { addressOf, listenFor, openLine } from '../../../src/shell/answer-line.js';
import type { HandedAnswer } from '../../../src/shell/handed.js';

async function all(answers: AsyncIterable<HandedAnswer>): Promise<readonly HandedAnswer[]> {
  const heard: HandedAnswer[] = [];
  for await (const answer of answers) heard.push(answer);
  return heard;
}

/** Another program, which has found the name of the pipe. */
async function stranger(id: string): Promise<net.Socket> {
  const socket = net.connect(addressOf(id)).on('error', () => undefined);
  await new Promise((resolve) => socket.once('connect', resolve));
  return socket.resume();
}
const closed = (socket: net.Socket) => new Promise<void>((resolve) => void socket.once('close', () => resolve()));

test('an app that was asked is heard word for word, until it closes its end', async () => {
  const id = randomUUID();
  const asked = await listenFor(id);
  const line = openLine(id);
  expect(await asked.reached(5000), 'it says that it is there before it has an answer').toBe(true);
  const heard = all(asked.answers);
  line.say({ kind: 'waits', seconds: 300 });
  line.say({ kind: 'made-up' } as unknown as HandedAnswer);
  line.say({ kind: 'kept' });
  line.close();
  expect(await heard).toEqual([{ kind: 'here' }, { kind: 'waits', seconds: 300 }, { kind: 'kept' }]);
  asked.close();
  await line.gone;
});

test('an app that calls nobody is not waited for for ever', async () => {
  const asked = await listenFor(randomUUID());
  expect(await asked.reached(20)).toBe(false);
  asked.close();
});

test('an asker that has gone, or never was there, is noticed', async () => {
  const id = randomUUID();
  const asked = await listenFor(id);
  const line = openLine(id);
  await asked.reached(5000);
  asked.close();
  await line.gone;
  const nobody = openLine(randomUUID());
  nobody.say({ kind: 'kept' });
  await nobody.gone;
});

test('one app answers: who comes second is sent away', async () => {
  const id = randomUUID();
  const asked = await listenFor(id);
  const first = openLine(id);
  await asked.reached(5000);
  const heard = all(asked.answers);
  const second = openLine(id);
  second.say({ kind: 'kept' });
  await second.gone;
  first.say({ kind: 'opened' });
  first.close();
  expect(await heard).toEqual([{ kind: 'here' }, { kind: 'opened' }]);
  asked.close();
});

test('who connects first and says nothing, or nothing that an app says, is not the app, and is sent away when it comes', async () => {
  const id = randomUUID();
  const asked = await listenFor(id);
  const silent = await stranger(id);
  const loud = await stranger(id);
  loud.write('{"kind":"made-up"}\n\n');
  const gone = await stranger(id);
  gone.destroy();
  expect(await asked.reached(100)).toBe(false);
  const ends = Promise.all([silent, loud].map(closed));
  const line = openLine(id);
  expect(await asked.reached(5000)).toBe(true);
  await ends;
  const heard = all(asked.answers);
  line.say({ kind: 'ending' });
  line.close();
  expect(await heard).toEqual([{ kind: 'here' }, { kind: 'ending' }]);
  asked.close();
});
