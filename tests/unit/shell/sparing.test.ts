/** A page that was taken over cannot flood a person with prompts; a screen reader, whose presses main does not see, still works. */
import { expect, test } from 'vitest';
import { Sparing } from '../../../src/shell/sparing.js';

test('each press of a person opens one thing', () => {
  const sparing = new Sparing(() => 0);
  for (let press = 0; press < 20; press++) {
    sparing.pressed();
    expect(sparing.mayOpen()).toBe(true);
  }
});

test('many presses are not saved up', () => {
  const sparing = new Sparing(() => 0);
  for (let press = 0; press < 20; press++) sparing.pressed();
  const opened = Array.from({ length: 20 }, () => sparing.mayOpen()).filter(Boolean);
  expect(opened).toHaveLength(1 + 3);
});

test('without a press three a minute', () => {
  let now = 0;
  const sparing = new Sparing(() => now);
  let opened = 0;
  for (; now < 600_000; now += 100) if (sparing.mayOpen()) opened++;
  expect(opened).toBe(30);
});
