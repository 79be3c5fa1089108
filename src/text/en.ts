import { advice } from './en/advice.js';
import { checkpoint } from './en/checkpoint.js';
import { checks } from './en/checks.js';
import { create } from './en/create.js';
import { proof } from './en/proof.js';
import { plan } from './en/plan.js';
import { errors } from './en/errors.js';
import { failures } from './en/failures.js';
import { inside } from './en/inside.js';
import { learn } from './en/learn.js';
import { machines } from './en/machines.js';
import { memory } from './en/memory.js';
import { network } from './en/network.js';
import { host } from './en/host.js';
import { hosts } from './en/hosts.js';
import { wizard } from './en/wizard.js';
import { activity } from './en/activity.js';
import { settings } from './en/settings.js';
import { rights } from './en/rights.js';
import { makers } from './en/makers.js';
import { scenarios } from './en/scenarios.js';
import { setup } from './en/setup.js';
import { tray } from './en/tray.js';
import { app } from './en/app.js';
import { command } from './en/command.js';

/** English: its keys are the type of the dictionary. One file a subject; a key begins with its subject. */
export const en = {
  ...advice,
  ...checkpoint,
  ...checks,
  ...create,
  ...plan,
  ...proof,
  ...errors,
  ...failures,
  ...learn,
  ...machines,
  ...memory,
  ...network,
  ...inside,
  ...host,
  ...hosts,
  ...wizard,
  ...activity,
  ...settings,
  ...rights,
  ...makers,
  ...scenarios,
  ...setup,
  ...tray,
  ...app,
  ...command,
} as const;
