/** The state that the main step leaves for its post step while the training runs. */
export const LEFT_RUNNING = "post-state";
