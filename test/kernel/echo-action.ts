/** The smallest action that uses every way out; `ending` says how it ends. */
import { input } from "../../shared/action/input.ts";
import { output } from "../../shared/action/output.ts";
import { refusal } from "../../shared/action/problem.ts";
import { runAction } from "../../shared/action/run-action.ts";
import { defineAction } from "../../shared/action/spec.ts";

const spec = defineAction({
  name: "echo",
  summary: "Say a text",
  branding: { icon: "message-square", color: "blue" },
  inputs: {
    text: input.text({ doc: "What to say" }),
    token: input.secret({ doc: "Never said", default: "" }),
    ending: input.oneOf(["well", "refused", "never", "in a timer"], { doc: "How it ends", default: "well" }),
  },
  outputs: { said: output.text("What was said") },
  permissions: {},
});

await runAction(
  spec,
  async ({ inputs, log, signal }) => {
    await log.group(`Saying ${inputs.text}`, async () => log.info(`${inputs.text} ${inputs.token}`));
    log.warn(inputs.text);
    if (inputs.ending === "refused") throw refusal({ code: "not-here", message: "not here", fix: "Go away" });
    if (inputs.ending === "in a timer") setTimeout(() => Promise.reject(new Error("late")), 1);
    if (inputs.ending !== "well") await new Promise((_, reject) => signal.addEventListener("abort", reject));
    return { outputs: { said: inputs.text }, summary: `# ${inputs.text}\n` };
  },
  () => ({}),
);
