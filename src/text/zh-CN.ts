import { advice } from './zh-CN/advice.js';
import { checkpoint } from './zh-CN/checkpoint.js';
import { checks } from './zh-CN/checks.js';
import { create } from './zh-CN/create.js';
import { proof } from './zh-CN/proof.js';
import { plan } from './zh-CN/plan.js';
import { errors } from './zh-CN/errors.js';
import { failures } from './zh-CN/failures.js';
import { inside } from './zh-CN/inside.js';
import { learn } from './zh-CN/learn.js';
import { machines } from './zh-CN/machines.js';
import { memory } from './zh-CN/memory.js';
import { network } from './zh-CN/network.js';
import { host } from './zh-CN/host.js';
import { hosts } from './zh-CN/hosts.js';
import { wizard } from './zh-CN/wizard.js';
import { activity } from './zh-CN/activity.js';
import { settings } from './zh-CN/settings.js';
import { rights } from './zh-CN/rights.js';
import { makers } from './zh-CN/makers.js';
import { scenarios } from './zh-CN/scenarios.js';
import { setup } from './zh-CN/setup.js';
import { tray } from './zh-CN/tray.js';
import { app } from './zh-CN/app.js';
import { command } from './zh-CN/command.js';

/** Simplified Chinese. */
export const zhCN = {
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
};
