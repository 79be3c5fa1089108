import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { listenFor, openLine } from '../../../src/shell/answer-line.js';
import type { HandedAnswer } from '../../../src/shell/handed.js';

async function all(answers: AsyncIterable<HandedAnswer>): Promise<readonly HandedAnswer[]> {
  const heard: HandedAnswer[] = [];
  for await (const answer of answers) heard.push(answer);
  return heard;
}

test('an app that was asked is heard word for word, until it closes its end', async () => {
  const id = randomUUID();
  const asked = await listenFor(id);
  const line = openLine(id);
  expect(await asked.reached(5000)).toBe(true);
  const heard = all(asked.answers);
  line.say({ kind: 'waits', seconds: 300 });
  line.say({ kind: 'made-up' } as unknown as HandedAnswer);
  line.say({ kind: 'kept' });
  line.close();
  expect(await heard).toEqual([{ kind: 'waits', seconds: 300 }, { kind: 'kept' }]);
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
  expect(await heard).toEqual([{ kind: 'opened' }]);
  asked.close();
});
