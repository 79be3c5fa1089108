/** Watches a module: the only test of the window that needs its modules to itself. */
import { fireEvent, render, screen } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { expect, it, vi } from 'vitest';
import Errors from '../../../renderer/pages/Errors.svelte';
import { app } from '../../../renderer/state/app.svelte.js';
import * as recognition from '../../../src/core/errors/recognize.js';
import { translator } from '../../../src/text/index.js';
import { vm } from '../../unit/renderer/vms.js';
import { fakeMain, stateOf } from '../bridge.js';

vi.mock('../../../src/core/errors/recognize.js', { spy: true });

const t = translator('en');
const box = vm('dev-box');

it('what was pasted is looked through once, not at every reading of this PC', async () => {
  fakeMain({});
  app.state = stateOf([box]);
  render(Errors, {});
  await fireEvent.input(screen.getByRole('textbox', { name: t('errors.field') }), { target: { value: '0x80370102' } });
  const looked = vi.mocked(recognition.recognise).mock.calls.length;
  const { machine } = stateOf([box]);
  if (!machine) throw new Error('no machine');
  app.state = { ...stateOf([box]), machine: { ...machine, host: { ...machine.host, freeMemory: 2 ** 30 } } };
  flushSync();
  expect(vi.mocked(recognition.recognise).mock.calls).toHaveLength(looked);
  app.state = { ...stateOf([box]), machine: { ...machine, host: { ...machine.host, processor: undefined } } };
  flushSync();
  expect(vi.mocked(recognition.recognise).mock.calls).toHaveLength(looked + 1);
});
