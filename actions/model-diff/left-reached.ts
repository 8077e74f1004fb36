/** Left by the action as soon as it begins: from then on, it says itself what happened. */
export const LEFT_REACHED = "reached";
