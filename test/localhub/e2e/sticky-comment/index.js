// A real action for the end-to-end tests: keeps one comment of its own on the pull request up to date.
import { readFileSync } from "node:fs";
import * as core from "@actions/core";
import * as github from "@actions/github";

const MARKER = "<!-- sticky-comment -->";
const octokit = github.getOctokit(core.getInput("token", { required: true }));
const { owner, repo } = github.context.repo;
const issue_number = github.context.payload.pull_request.number;
const metrics = JSON.parse(readFileSync(core.getInput("metrics", { required: true }), "utf8"));
const rows = Object.entries(metrics).map(([name, value]) => `| ${name} | ${value} |`);
const body = ["| metric | value |", "|---|--:|", ...rows, "", MARKER].join("\n");

const comments = await octokit.paginate(octokit.rest.issues.listComments, { owner, repo, issue_number });
const mine = comments.find(
  (comment) => comment.user?.login === "github-actions[bot]" && comment.body?.endsWith(MARKER),
);
const written = mine
  ? await octokit.rest.issues.updateComment({ owner, repo, comment_id: mine.id, body })
  : await octokit.rest.issues.createComment({ owner, repo, issue_number, body });
core.setOutput("comment-id", written.data.id);
await core.summary.addRaw(body).write();
if (metrics.accuracy < Number(core.getInput("floor")))
  core.setFailed(`accuracy ${metrics.accuracy} is below the floor`);
