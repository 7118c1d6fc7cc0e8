# One image for every part: gateway, worker, sandboxes and mailbox differ by their command alone.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /srv/tabane

# First what changes seldom, so that a change of ours does not install everything anew.
COPY requirements.lock ./
RUN pip install --require-hashes --requirement requirements.lock

COPY . .
RUN pip install --no-deps --no-build-isolation .

# The data folder is a volume's in composition; a named volume takes over its owner.
RUN useradd --system --no-create-home tabane && install --directory --owner tabane /var/lib/tabane
USER tabane
CMD ["tabane", "--help"]
