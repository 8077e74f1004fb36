import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chooseStopTargets, type EarlierRound, type RunningProcess } from "./stop-targets.ts";

/** `1 bash`, `2<1 python catches`, `3<1 tee &`: pid, parent, program, and what is special about it. */
function parse(line: string): RunningProcess {
  const [, pid, parent, name, rest = ""] = /^(\d+)(?:<(\d+))? (\w+)(.*)$/.exec(line) ?? [];
  return {
    pid: Number(pid),
    parent: Number(parent ?? 0),
    name: name ?? "",
    catches: rest.includes("?") ? undefined : rest.includes("catches"),
    ignores: { quit: rest.includes("&") || name === "bash", interrupt: rest.includes("&") },
  };
}

const choose = (lines: readonly string[], earlier?: EarlierRound): readonly number[] =>
  chooseStopTargets(lines.map(parse), earlier).map(({ pid }) => pid);

describe("who is asked to stop", () => {
  test.each<[string, readonly string[], readonly number[]]>([
    ["the program of a script", ["1 bash", "2<1 python catches"], [2]],
    ["not the workers that it forked", ["1 bash", "2<1 python catches", "3<2 python catches", "4<2 python"], [2]],
    ["not the other end of its pipe", ["1 bash", "2<1 python catches", "3<1 tee"], [2]],
    ["one program on each branch", ["1 bash", "2<1 python catches", "3<1 node catches", "4<3 node catches"], [2, 3]],
    ["through wrappers that do not catch it", ["1 sh", "2<1 setsid", "3<2 env", "4<3 python catches"], [4]],
    ["also a process that lost its parent", ["1 bash", "2<1 python catches", "9<1000 python catches"], [2, 9]],
    ["all when nobody catches it", ["1 bash", "2<1 python", "3<2 python"], [1, 2, 3]],
    ["a script with a trap of its own", ["1 bash catches", "2<1 sleep"], [1]],
    ["not what a script with a trap started with &", ["1 bash catches", "2<1 python catches &"], [1]],
    ["a script and what it waits for", ["1 bash catches", "2<1 python catches"], [1, 2]],
    ["the same in what was started with & itself", ["1 bash catches &", "2<1 python catches &"], [1, 2]],
    ["the leader where no handlers can be seen", ["1 python ?", "2<1 python ?"], [1]],
    ["and not what stands behind its pipe", ["1 bash ?", "2<1 python ?", "3<1 tee ?"], [1, 2]],
    ["and the program of a script there", ["1 bash ?", "2<1 python ?", "3<2 python ?"], [1, 2]],
  ])("%s", (_, processes, targets) => {
    expect(choose(processes)).toEqual(targets);
  });

  test.each<[string, readonly string[], readonly number[]]>([
    ["nobody, as long as it saves", ["1 bash", "2<1 python catches", "3<2 python catches", "4<1 tee"], []],
    ["the workers that it left behind", ["1 bash", "3<1000 python catches"], [3]],
    ["not what the script does next", ["1 bash", "5<1 aws catches"], []],
    ["the rest when the script has ended", ["4<1000 tensorboard"], [4]],
    ["not the rest while somebody saves", ["2<1000 python catches", "4<1000 tensorboard"], []],
  ])("later, %s", (_, processes, targets) => {
    expect(choose(processes, { asked: new Set([2]), leader: 1 })).toEqual(targets);
  });
});

const anyTree = fc
  .array(fc.record({ parent: fc.nat(), shell: fc.boolean(), catches: fc.boolean(), asked: fc.boolean() }), {
    minLength: 1,
    maxLength: 12,
  })
  .map((nodes) => ({
    processes: nodes.map(({ parent, shell, catches }, at) => ({
      pid: at + 1,
      parent: at === 0 ? 0 : parent % (at + 1),
      ...{ name: shell ? "bash" : "python", catches, ignores: { quit: false, interrupt: false } },
    })),
    asked: new Set(nodes.flatMap(({ asked }, at) => (asked ? [at + 1] : []))),
  }));

test("no process is asked twice, and there is always somebody who was asked", () => {
  fc.assert(
    fc.property(anyTree, ({ processes, asked }) => {
      const chosen = chooseStopTargets(processes, { asked, leader: 0 }).map(({ pid }) => pid);
      expect(chosen.filter((pid) => asked.has(pid))).toEqual([]);
      expect(new Set(chosen).size).toBe(chosen.length);
      expect(chosen.length + asked.size).toBeGreaterThan(0);
    }),
  );
});

test("what a program that catches the signal has started is its own business", () => {
  fc.assert(
    fc.property(anyTree, ({ processes }) => {
      if (!processes.some(({ catches }) => catches)) return;
      const chosen = new Set(chooseStopTargets(processes).map(({ pid }) => pid));
      for (const { pid, parent } of processes) {
        const above = processes.find((other) => other.pid === parent);
        if (chosen.has(pid) && above && chosen.has(above.pid)) expect(above.name).toBe("bash");
      }
    }),
  );
});
