/** Which of the two ways to see the VMs is chosen until somebody says otherwise. */
import type { Tried } from '../../src/core/machine/machine.js';
import { app } from '../state/app.svelte.js';
import type { Way } from './acts.js';

/** A copy that its user can write has no elevated session. */
export const firstWay = (joined: Tried | undefined): Way =>
  joined && app.state?.installation !== 'for-this-user' ? 'allow-session' : 'join-group';
