/**
 * What action.yml names as `post`. The post step must never take itself for main: a run that was killed before it could save
 * any state would then deploy from its post step. So this file, and not the state, says that it is post.
 */
process.env.STATE_phase ||= 'unknown';
await import('./index.js');
export {};
