/** The state that `mode: begin` leaves for its post step: the plan whose intent it is about to write. */
export const BEGUN_PLAN = "begun-plan";
