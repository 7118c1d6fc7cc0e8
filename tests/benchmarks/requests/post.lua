-- Posts what stands in the lines of a file, each a token and a body, by turns; @key@ in a body is another text each
-- time. Says at the end how that went, in one line.
local headers = {["Content-Type"] = "application/json"}
local posts, sent, run = {}, 0, os.getenv("BENCH_RUN")

local function post(token, body)
  headers["Authorization"] = "Bearer " .. token
  return wrk.format("POST", nil, headers, body)
end

local function posting(token, body)
  local before, after = body:match("^(.*)@key@(.*)$")
  if before then
    return function() return post(token, before .. run .. "-" .. sent .. after) end
  end
  -- What never changes is written once.
  local whole = post(token, body)
  return function() return whole end
end

init = function()
  for line in io.lines(os.getenv("BENCH_LINES")) do
    posts[#posts + 1] = posting(line:match("^(%S+) (.*)$"))
  end
end

request = function()
  sent = sent + 1
  return posts[sent % #posts + 1]()
end

-- GraphQL says with 200 that something went wrong.
failed = 0
response = function(_, _, body)
  if body:find('"errors":[{', 1, true) then failed = failed + 1 end
end

-- What follows runs in a world of its own, and asks each thread.
local threads = {}
setup = function(thread) threads[#threads + 1] = thread end

done = function(summary, latency)
  local wrong = summary.errors
  local refused = wrong.status
  for _, thread in ipairs(threads) do refused = refused + thread:get("failed") end
  io.stdout:write(string.format(
    '{"requests":%d,"seconds":%.6f,"p50":%.6f,"p99":%.6f,"refused":%d,"broken":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e6, latency:percentile(99) / 1e6,
    refused, wrong.connect + wrong.read + wrong.write + wrong.timeout))
end
