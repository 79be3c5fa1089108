import { render, screen } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import type { Failure, ShellEnd } from '../../src/core/cmdlets/call.js';
import SessionLost from '../../renderer/states/SessionLost.svelte';

const show = (failure: Failure, retryAt: string | null = null) =>
  render(SessionLost, { connection: { kind: 'lost', failure, attempts: 4, retryAt, changing: false } });

describe('the page of a shell that is gone', () => {
  it.each<[ShellEnd['how'], RegExp]>([
    ['not-started', /Couldn’t start it \(ENOENT\)/],
    ['said-nothing', /started without any output, so Hypernest ended it/],
    ['only-errors', /returned only errors, so Hypernest ended it/],
    ['not-understood', /Couldn’t read its output, so Hypernest ended it/],
    ['hung', /stopped responding, so Hypernest ended it/],
    ['ended', /ended by itself, without an error \(code 0\)/],
    ['failed', /ended with code ENOENT/],
    ['killed', /Another program ended it \(ENOENT\)/],
    ['disconnected', /closed its connection/],
  ])('says of one that is %s what it is', (how, sentence) => {
    show({ kind: 'session-lost', shell: { how, code: 'ENOENT' } });
    expect(screen.getByText(sentence)).toBeTruthy();
    expect(screen.getByText(/couldn’t be restored after 4 attempts/)).toBeTruthy();
  });

  it('shows its last words', () => {
    show({ kind: 'session-lost', shell: { how: 'failed', code: '3', said: 'no such <module>' } });
    expect(screen.getByText('no such <module>')).toBeTruthy();
  });

  it('names antivirus by the id of its error, whatever ended the shell', () => {
    show({ kind: 'antivirus', shell: { how: 'only-errors', said: 'blocked' } });
    expect(screen.getByText(/antivirus blocked.*ScriptContainedMaliciousContent/)).toBeTruthy();
    expect(screen.queryByText(/Hypernest ended it/)).toBeNull();
  });
});
