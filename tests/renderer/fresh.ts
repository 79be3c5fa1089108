/** Of a test of the window: what it has shown is gone, and the next one begins as the app does. */
import { cleanup } from '@testing-library/svelte';
import { afterEach } from 'vitest';
import { app } from '../../renderer/state/app.svelte.js';
import { route } from '../../renderer/state/route.svelte.js';
import { toasts } from '../../renderer/state/toasts.svelte.js';
import { thisPc } from '../../src/core/cmdlets/ref.js';

afterEach(() => {
  cleanup();
  app.show(thisPc);
  app.state = null;
  route.go({ page: 'machines' });
  route.ofAnother();
  route.isChosen = false;
  for (const { id } of toasts.now) toasts.end(id);
});
